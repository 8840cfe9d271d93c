using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>Hides what always differs between two runs on the same files: ids made of ETags, versions named after a time, times and
/// durations. Everything else must be equal to the byte.</summary>
internal sealed partial class RunsOwn
{
    private static readonly string[] TextEndings = [".json", ".jsonl", ".csv", ".html"];

    private readonly IReadOnlyList<(string Own, string Shown)> _names;

    private RunsOwn(IReadOnlyList<(string, string)> names) => _names = names;

    /// <summary>Reads the names from a run's storage.</summary>
    public static async Task<RunsOwn> ReadAsync(PipelineStorage storage, IReadOnlyList<DroppedItem> drops, CancellationToken cancellationToken)
    {
        var names = new List<(string, string)>(drops.Select(drop => (drop.InstanceId, $"({drop.Name})")));
        names.AddRange((await new ModelRegistry(storage, TimeProvider.System).ListAsync(cancellationToken))
            .Select((model, index) => (model.Version, $"(version {index})")));
        foreach (string container in new[] { BlobLayout.Datasets, BlobLayout.Images })
        {
            await foreach (BlobItem blob in storage.Container(container).GetBlobsAsync(cancellationToken: cancellationToken))
                names.Add((blob.Properties.ETag.ToString()!.Trim('"'), $"(etag of {blob.Name})"));
        }

        return new RunsOwn(names);
    }

    /// <summary>Replaces them in a text.</summary>
    public string Hide(string text)
    {
        foreach ((string own, string shown) in _names)
            text = text.Replace(own, shown, StringComparison.Ordinal);
        return Durations.Replace(Times.Replace(text, "(time)"), "${name}(duration)");
    }

    /// <summary>Hashes a blob's content without them. Images and models contain none.</summary>
    public string Hash(string name, BinaryData content) => Convert.ToHexStringLower(SHA256.HashData(
        TextEndings.Contains(Path.GetExtension(name)) ? Encoding.UTF8.GetBytes(Hide(content.ToString())) : content));

    [GeneratedRegex("""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)|\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Times { get; }

    [GeneratedRegex("""(?<name>"\w*[sS]econds": ?|<dt>Time</dt>\s*<dd>)[^,}<]+""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Durations { get; }
}
