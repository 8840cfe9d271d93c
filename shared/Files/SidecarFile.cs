using System.Text;
using System.Text.Json;

namespace KeypointPipeline.Files;

/// <summary>A file in which a person states what a labelled file cannot say, for example its mirror pairs:
/// <c>{file}.keypoints.json</c> beside the file, or <c>keypoints.json</c> at the root of its zip. Never a dataset itself.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Content">Its bytes, which are untrusted.</param>
public sealed record SidecarFile(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>The name inside a zip.</summary>
    public const string NameInZip = "keypoints.json";

    /// <summary>The ending beside a labelled file. The file's whole name comes first.</summary>
    public const string Ending = "." + NameInZip;

    /// <summary>The largest size in bytes. No honest file should reach it.</summary>
    public const int LargestBytes = 1024 * 1024;

    /// <summary>Returns the labelled file that a sidecar belongs to, or null if the name is not that of a sidecar.</summary>
    public static string? FindOwner(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) && FileNames.IsDataset(name[..^Ending.Length]) ? name[..^Ending.Length] : null;
    }

    /// <summary>Reads the sidecar beside a local file. Returns null if there is none.</summary>
    /// <exception cref="IOException">The sidecar could not be read.</exception>
    internal static async Task<SidecarFile?> FindBesideAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var sidecar = new FileInfo(file.FullName + Ending);
        if (!sidecar.Exists)
            return null;
        ThrowIfTooLarge(sidecar.Name, sidecar.Length);
        return new SidecarFile(sidecar.Name, await File.ReadAllBytesAsync(sidecar.FullName, cancellationToken));
    }

    /// <summary>Reads the object that the sidecar holds.</summary>
    /// <param name="example">Such an object, for messages.</param>
    /// <param name="read">Reads it. It gets the sidecar's name as messages show it.</param>
    /// <exception cref="RejectedFileException">It is not JSON, or no object.</exception>
    internal T Read<T>(string example, Func<string, JsonElement, T> read)
    {
        string name = ShownText.Of(Name);
        try
        {
            ReadOnlyMemory<byte> text = Content.Span.StartsWith(Encoding.UTF8.Preamble) ? Content[Encoding.UTF8.Preamble.Length..] : Content;
            using JsonDocument json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? read(name, json.RootElement)
                : throw new RejectedFileException($"{name} holds {ShownText.Of(json.RootElement.GetRawText())}; an object such as {example} is expected.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A text with half of a surrogate pair is an InvalidOperationException.
            throw new RejectedFileException($"{name} is not JSON: {ShownText.Of(e.Message)}", e);
        }
    }

    /// <summary>Refuses a sidecar that is too large to be one.</summary>
    /// <exception cref="RejectedFileException">It is larger than <see cref="LargestBytes"/>.</exception>
    internal static void ThrowIfTooLarge(string name, long bytes)
    {
        if (bytes > LargestBytes)
            throw new RejectedFileException($"{ShownText.Of(name)} has {bytes:N0} bytes; at most {LargestBytes:N0} are allowed.");
    }
}
