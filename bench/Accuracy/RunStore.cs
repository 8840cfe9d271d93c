using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The finished runs of a comparison and the speeds of its entries, a file each: an interrupted one goes on where it was.</summary>
/// <param name="folder">The comparison's folder.</param>
internal sealed class RunStore(string folder)
{
    /// <summary>The exported model of a run.</summary>
    public string ModelPath(string entry, int seed) => Path.Combine(Folder("models"), $"{entry}-{seed}.onnx");

    /// <summary>The run of an entry, if there is one of these settings.</summary>
    /// <exception cref="InvalidDataException">The file is not a run.</exception>
    public AccuracyRun? Find(string entry, RunSettings settings) =>
        Read<AccuracyRun>(RunPath(entry, settings.Seed)) is AccuracyRun run && run.Settings == settings ? run : null;

    /// <summary>The speed of an entry, if it was measured under these conditions.</summary>
    /// <exception cref="InvalidDataException">The file is not a speed.</exception>
    public EntrySpeed? FindSpeed(string entry, SpeedConditions conditions) =>
        Read<EntrySpeed>(SpeedPath(entry)) is EntrySpeed speed && speed.Conditions == conditions ? speed : null;

    /// <summary>Keeps a run; readers see the old file or the whole new one.</summary>
    public void Keep(AccuracyRun run) => Write(RunPath(run.Entry, run.Settings.Seed), run);

    /// <summary>Keeps a speed, in the same way.</summary>
    public void Keep(EntrySpeed speed) => Write(SpeedPath(speed.Entry), speed);

    private static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return PipelineJson.Read<T>(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not of this comparison: {e.Message} Delete it, or choose another --out.", e);
        }
    }

    private static void Write<T>(string path, T content)
    {
        File.WriteAllText($"{path}.partial", JsonSerializer.Serialize(content, PipelineJson.Indented));
        File.Move($"{path}.partial", path, overwrite: true);
    }

    private string SpeedPath(string entry) => Path.Combine(Folder("speeds"), $"{entry}.json");

    private string RunPath(string entry, int seed) => Path.Combine(Folder("runs"), $"{entry}-{seed}.json");

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
}
