using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Sources.Zips;

/// <summary>A zip in storage, read by range, so that it needs no disk. No read mixes two contents: each fails with
/// <see cref="StorageRefusal.IsReplaced"/> if the blob has another ETag.</summary>
/// <param name="storage">The account.</param>
/// <param name="container">One of <see cref="BlobLayout.Containers"/>.</param>
/// <param name="name">The blob's name.</param>
/// <param name="etag">The blob's ETag.</param>
public sealed class ZipBlob(PipelineStorage storage, string container, string name, ETag etag)
{
    /// <summary>Bytes of one request of a stream: a list of 250,000 files takes eight.</summary>
    private const int StreamBufferBytes = 4 * 1024 * 1024;

    private const int RangeNotSatisfiable = 416;

    /// <summary>The zip's own name, for messages.</summary>
    public string Name => FileNames.OwnName(name);

    private BlobClient Blob => storage.Blob(container, name);

    private BlobRequestConditions Unchanged => new() { IfMatch = etag };

    /// <summary>Reads the zip's list of files. The files can be read until disposal of the set.</summary>
    /// <exception cref="RejectedFileException">It is no zip, damaged, beyond <see cref="ZipLimits"/>, or a zip bomb.</exception>
    /// <exception cref="RequestFailedException">The blob is gone or has another ETag, or reading failed.</exception>
    public Task<ZipFileSet> ListAsync(CancellationToken cancellationToken) =>
        ZipFileSet.OpenAsync(new DatasetSource(Name, OpenAsync), cancellationToken);

    /// <summary>Opens the zip as a stream that can seek.</summary>
    internal Task<Stream> OpenAsync(CancellationToken cancellationToken) => Blob.OpenReadAsync(
        new BlobOpenReadOptions(allowModifications: false) { BufferSize = StreamBufferBytes, Conditions = Unchanged }, cancellationToken);

    /// <summary>Reads a range in one request. Returns fewer bytes only at the zip's end, and none behind it.</summary>
    internal async Task<byte[]> ReadAsync(long at, int count, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(at, count), Conditions = Unchanged };
            using BlobDownloadStreamingResult range = await Blob.DownloadStreamingAsync(options, cancellationToken);
            byte[] bytes = new byte[range.Details.ContentLength];
            await range.Content.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (RequestFailedException e) when (e.Status == RangeNotSatisfiable)
        {
            return [];
        }
    }
}
