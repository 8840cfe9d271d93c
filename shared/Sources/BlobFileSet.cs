using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Sources;

/// <summary>The blobs below a prefix, without the marker <see cref="BlobLayout.ReadyMarker"/>.</summary>
public sealed class BlobFileSet : FileSet
{
    private const int BlobsPerRequest = 5_000;

    private BlobFileSet(string name, IEnumerable<SetFile> files)
        : base(name, files)
    {
    }

    /// <summary>Lists the blobs below a prefix.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
    /// <param name="prefix">The folder, with <c>/</c> at its end.</param>
    /// <param name="reading">How the blobs will be read.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public static Task<BlobFileSet> ListAsync(
        PipelineStorage storage, string container, string prefix, BlobReading reading, CancellationToken cancellationToken) =>
        ListAsync(storage, container, prefix, _ => reading, cancellationToken);

    private static async Task<BlobFileSet> ListAsync(
        PipelineStorage storage, string container, string prefix, Func<string, BlobReading> reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        var files = new List<SetFile>();
        BlobContainerClient blobs = storage.Container(container);
        // Names that no request can reach are listed too: reading them gives the reason.
        await foreach (BlobItem blob in blobs.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            string path = blob.Name[prefix.Length..];
            if (IsOfSet(path))
                files.Add(File(storage, container, prefix, path, blob.Properties.ContentLength, reading(path)));
        }

        return new BlobFileSet(OwnName(prefix), files);
    }

    /// <summary>Lists the paths of a part of a folder's blobs, in the service's order.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
    /// <param name="prefix">The folder, with <c>/</c> at its end.</param>
    /// <param name="from">Where the part starts; null for the start.</param>
    /// <param name="most">The most blobs to look at, in requests of at most 5,000.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>Paths below the prefix, and where the next part starts, or null after the last. A part can have no paths.</returns>
    public static async Task<(List<string> Paths, string? Next)> ListPartAsync(
        PipelineStorage storage, string container, string prefix, string? from, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        var paths = new List<string>();
        int looked = 0;
        string? next = from;
        do
        {
            AsyncPageable<BlobItem> rest = storage.Container(container).GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken);
            Page<BlobItem> page = await rest.AsPages(next, Math.Min(most - looked, BlobsPerRequest)).FirstAsync(cancellationToken);
            paths.AddRange(page.Values.Select(blob => blob.Name[prefix.Length..]).Where(IsOfSet));
            looked += page.Values.Count;
            next = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
        }
        while (next is not null && looked < most);
        return (paths, next);
    }

    /// <summary>Lists what a marker completes: the files that it names, or all blobs of its folder if it is empty.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
    /// <param name="prefix">The marker's folder, with <c>/</c> at its end.</param>
    /// <param name="marker">ETag of the marker.</param>
    /// <param name="reading">How the blob with a path below the prefix will be read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <inheritdoc cref="ReadyList.ReadAsync(PipelineStorage, string, string, ETag?, CancellationToken)" path="/exception"/>
    public static async Task<BlobFileSet> CompletedAsync(
        PipelineStorage storage, string container, string prefix, ETag marker, Func<string, BlobReading> reading, CancellationToken cancellationToken) =>
        await ReadyList.ReadAsync(storage, container, prefix + BlobLayout.ReadyMarker, marker, cancellationToken) is { } listed
            ? new BlobFileSet(OwnName(prefix), listed.Where(IsOfSet).Select(path => File(storage, container, prefix, path, length: null, reading(path))))
            : await ListAsync(storage, container, prefix, reading, cancellationToken);

    /// <summary>Returns the set of the named blobs below a prefix. Sends no request: a blob that does not exist is found out when it is
    /// opened.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
    /// <param name="prefix">The folder, with <c>/</c> at its end.</param>
    /// <param name="paths">Paths of the blobs below the prefix.</param>
    /// <param name="reading">How the blobs will be read.</param>
    /// <param name="latest">The time of the latest upload that belongs to the set, by the server's clock; null for any. Blobs that were
    /// uploaded later cannot be opened <see cref="BlobReading.Once"/>.</param>
    public static BlobFileSet Of(
        PipelineStorage storage, string container, string prefix, IEnumerable<string> paths, BlobReading reading, DateTimeOffset? latest = null)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return new BlobFileSet(OwnName(prefix), paths.Select(path => File(storage, container, prefix, path, length: null, reading, latest)));
    }

    /// <summary>Whether a blob below a folder belongs to the set: the marker and hidden files do not.</summary>
    internal static bool IsOfSet(string path) => path != BlobLayout.ReadyMarker && !FileNames.IsHidden(path);

    private static string OwnName(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string folder = prefix.TrimEnd('/');
        return FileNames.LastPart(folder);
    }

    private static SetFile File(PipelineStorage storage, string container, string prefix, string path, long? length, BlobReading reading, DateTimeOffset? latest = null) =>
        new(path, length, token => OpenAsync(storage, container, prefix + path, reading, latest, token));

    private static async Task<Stream> OpenAsync(
        PipelineStorage storage, string container, string name, BlobReading reading, DateTimeOffset? latest, CancellationToken cancellationToken)
    {
        if (BlobName.FindProblem(name) is string problem)
            throw new RejectedFileException($"The file's name {problem}. Upload it under another name.");
        try
        {
            BlobClient blob = storage.Blob(container, name);
            if (reading == BlobReading.AnyOrder)
                return await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
            BlobDownloadStreamingResult file = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
            if (!(file.Details.LastModified > latest))
                return file.Content;
            file.Dispose();
            throw new RejectedFileException("The file was uploaded after the set was listed, so it belongs to the next drop. Drop it again.");
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            throw new RejectedFileException("The file is not in storage: it was deleted after it was dropped, or never uploaded. Drop it again.", e);
        }
    }
}

/// <summary>How blobs of a set are read.</summary>
public enum BlobReading
{
    /// <summary>From start to end. One request for each blob.</summary>
    Once,

    /// <summary>In any order: streams can seek, as zips need it. Costs at least one more request for each blob.</summary>
    AnyOrder,
}
