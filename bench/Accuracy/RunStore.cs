using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Keeps the finished runs of a comparison and the speeds of its entries, one file each, so an interrupted comparison
/// continues.</summary>
/// <param name="folder">The comparison's folder.</param>
internal sealed class RunStore(string folder)
{
    /// <summary>The exported model of a run.</summary>
    public string ModelPath(string entry, int seed) => Path.Combine(Folder("models"), $"{entry}-{seed}.onnx");

    /// <summary>Finds an entry's run with these settings; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not a run.</exception>
    public AccuracyRun? Find(string entry, RunSettings settings) =>
        Read<AccuracyRun>(RunPath(entry, settings.Seed)) is AccuracyRun run && run.Settings == settings ? run : null;

    /// <summary>Finds an entry's speed under these conditions; null if it was not measured.</summary>
    /// <exception cref="InvalidDataException">The file is not a speed.</exception>
    public EntrySpeed? FindSpeed(string entry, SpeedConditions conditions) =>
        Read<EntrySpeed>(SpeedPath(entry)) is EntrySpeed speed && speed.Conditions == conditions ? speed : null;

    /// <summary>Writes a run. Readers see the old file or the complete new one.</summary>
    public void Keep(AccuracyRun run) => Write(RunPath(run.Entry, run.Settings.Seed), run);

    /// <summary>Writes a speed, in the same way.</summary>
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
            throw new InvalidDataException($"{path} does not belong to this comparison: {e.Message} Delete it, or choose another --out.", e);
        }
    }

    private static void Write<T>(string path, T content) => WholeFile.Write(path, JsonSerializer.Serialize(content, PipelineJson.Indented));

    private string SpeedPath(string entry) => Path.Combine(Folder("speeds"), $"{entry}.json");

    private string RunPath(string entry, int seed) => Path.Combine(Folder("runs"), $"{entry}-{seed}.json");

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
}
