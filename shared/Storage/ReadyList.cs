using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;

namespace KeypointPipeline.Storage;

/// <summary>The list in a marker <see cref="BlobLayout.ReadyMarker"/>: the files that belong to a drop, one path a line, below the marker's
/// folder. An empty marker stands for all files of the folder.</summary>
/// <remarks>A folder in storage keeps the files of earlier drops. The list says which of them were dropped this time, so that nothing has
/// to be deleted.</remarks>
public static class ReadyList
{
    /// <summary>The maximum length of a marker in bytes: about 400,000 paths of 80 characters.</summary>
    public const int MaximumBytes = 32 * 1024 * 1024;

    /// <summary>The maximum number of paths.</summary>
    public const int MaximumFiles = 1_000_000;

    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Creates a marker's content.</summary>
    /// <param name="paths">Paths below the marker's folder, with <c>/</c> between their parts.</param>
    /// <exception cref="InvalidDataException">There are more paths than a marker can list. The message says what to do.</exception>
    public static BinaryData Write(IReadOnlyCollection<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var list = new StringBuilder();
        foreach (string path in paths)
            list.Append(IsAmbiguous(path) ? "./" : "").Append(path).Append('\n');
        byte[] content = Encoding.UTF8.GetBytes(list.ToString());
        return paths.Count <= MaximumFiles && content.Length <= MaximumBytes
            ? BinaryData.FromBytes(content)
            : throw new InvalidDataException(
                $"A drop can have {MaximumFiles:N0} files, and {MaximumBytes:N0} bytes of paths; this one has {paths.Count:N0} and {content.Length:N0}. Split it into several folders.");
    }

    /// <summary>Reads a marker, unless it has changed.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
    /// <param name="marker">The marker's name.</param>
    /// <param name="etag">Its ETag; null if it may have changed.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The paths, or null if the marker is empty.</returns>
    /// <exception cref="InvalidDataException">The marker is too long or no text. The message says what to do.</exception>
    /// <exception cref="RequestFailedException">The marker does not exist or has another ETag.</exception>
    public static async Task<IReadOnlyCollection<string>?> ReadAsync(
        PipelineStorage storage, string container, string marker, ETag? etag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        var options = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = etag } };
        using BlobDownloadStreamingResult blob = await storage.Blob(container, marker).DownloadStreamingAsync(options, cancellationToken);
        if (blob.Details.ContentLength > MaximumBytes)
            throw new InvalidDataException($"{container}/{marker} has {blob.Details.ContentLength:N0} bytes; {MaximumBytes:N0} are allowed. {Advice}");
        try
        {
            return await ReadAsync(blob.Content, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{container}/{marker} {e.Message} {Advice}", e);
        }
    }

    /// <summary>Reads a marker's content. It may begin with a byte-order mark, and lines may end as on Windows. Blank lines are passed over.
    /// Backslashes become slashes, and <c>./</c> at the start of a path is removed.</summary>
    /// <returns>The paths, each once, or null if there are none.</returns>
    /// <exception cref="InvalidDataException">It is no text, or lists too many files. The message is a predicate.</exception>
    internal static async Task<IReadOnlyCollection<string>?> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        using var reader = new StreamReader(content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is string line)
            {
                if (Clean(line) is { Length: > 0 } path)
                    paths.Add(path);
                if (paths.Count > MaximumFiles)
                    throw new InvalidDataException($"lists more than {MaximumFiles:N0} files.");
            }
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("is no text in UTF-8.", e);
        }

        return paths.Count > 0 ? paths : null;
    }

    private static string Advice =>
        $"List one file a line, as its path below the folder, in UTF-8. An empty {BlobLayout.ReadyMarker} stands for all files of the folder.";

    private static string Clean(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return "";
        string path = line.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        return path;
    }

    /// <summary>Whether a line with only the path would be read as another path, or as none.</summary>
    private static bool IsAmbiguous(string path) => string.IsNullOrWhiteSpace(path) || path[0] == ByteOrderMark;
}
