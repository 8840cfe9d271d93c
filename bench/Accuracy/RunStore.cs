using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The finished runs of a comparison, a file each: an interrupted one goes on where it was.</summary>
/// <param name="folder">The comparison's folder.</param>
internal sealed class RunStore(string folder)
{
    /// <summary>The exported model of a run.</summary>
    public string ModelPath(string entry, int seed) => Path.Combine(Folder("models"), $"{entry}-{seed}.onnx");

    /// <summary>The run of an entry, if there is one of these settings.</summary>
    /// <exception cref="InvalidDataException">The file is not a run.</exception>
    public AccuracyRun? Find(string entry, RunSettings settings)
    {
        string path = RunPath(entry, settings.Seed);
        if (!File.Exists(path))
            return null;
        try
        {
            AccuracyRun run = PipelineJson.Read<AccuracyRun>(File.ReadAllText(path));
            return run.Settings == settings ? run : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not a run of this comparison: {e.Message} Delete it, or choose another --out.", e);
        }
    }

    /// <summary>Keeps a run; readers see the old file or the whole new one.</summary>
    public void Keep(AccuracyRun run)
    {
        string path = RunPath(run.Entry, run.Settings.Seed);
        File.WriteAllText($"{path}.partial", JsonSerializer.Serialize(run, PipelineJson.Indented));
        File.Move($"{path}.partial", path, overwrite: true);
    }

    private string RunPath(string entry, int seed) => Path.Combine(Folder("runs"), $"{entry}-{seed}.json");

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
}
