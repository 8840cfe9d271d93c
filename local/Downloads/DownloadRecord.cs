using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Downloads;

/// <summary>Remembers which files of a folder were downloaded. A file with other content belongs to somebody else.</summary>
/// <param name="Files">The SHA-256 hashes that a downloaded file may have, by name. It has two while a download replaces files.</param>
internal sealed record DownloadRecord(IReadOnlyDictionary<string, string[]> Files)
{
    /// <summary>Reads a record. A missing or damaged record knows no file.</summary>
    public static DownloadRecord Read(string file)
    {
        try
        {
            return PipelineJson.Read<DownloadRecord>(File.ReadAllText(file));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return new DownloadRecord(new Dictionary<string, string[]>());
        }
    }

    /// <summary>Gets whether a file with this content was downloaded.</summary>
    public bool Has(string name, string hash) => Files.TryGetValue(name, out string[]? hashes) && hashes.Contains(hash, StringComparer.Ordinal);

    /// <summary>The record while the files are replaced: each file may be the old or the new one.</summary>
    public DownloadRecord With(IReadOnlyDictionary<string, string> hashes) => new(
        Files.Select(file => file.Key).Union(hashes.Keys, StringComparer.Ordinal).ToDictionary(
            name => name,
            name => (string[])[.. (Files.GetValueOrDefault(name) ?? []).Union(hashes.TryGetValue(name, out string? hash) ? [hash] : [], StringComparer.Ordinal)]));

    /// <summary>The record after a download.</summary>
    public static DownloadRecord Of(IReadOnlyDictionary<string, string> hashes) =>
        new(hashes.ToDictionary(file => file.Key, file => (string[])[file.Value]));

    /// <summary>Writes the record.</summary>
    public void Write(string file) => WholeFile.Write(file, JsonSerializer.Serialize(this, PipelineJson.Indented));
}
