using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Sources;
using KeypointPipeline.Sources.Zips;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Pictures;

/// <summary>Reduces pictures of batches. Pictures come from a folder or a zip. The list of files of the zip that was used last stays in
/// memory.</summary>
/// <param name="storage">The account.</param>
/// <param name="decoder">The host's decoder, which decodes one large picture at a time.</param>
public sealed class BatchPictures(PipelineStorage storage, ImageDecoder decoder) : IDisposable
{
    private const int Quality = 85;

    /// <summary>Pictures that are decoded at once: a page asks for many, and a large one takes 400 MB.</summary>
    private const int DecodedAtOnce = 2;

    private readonly SemaphoreSlim _turns = new(DecodedAtOnce);
    private readonly KeptOpen<ZipFileSet> _zips = new();

    /// <summary>Finds a picture and names its content.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="image">The picture's name.</param>
    /// <param name="size">Length of the longer side of the reduced picture, in pixels.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>The picture; null if it is not there.</returns>
    internal async Task<FoundPicture?> FindAsync(string batch, string image, int size, CancellationToken cancellationToken)
    {
        IReadOnlyList<BatchDrop> latest = await BatchDrop.FindLatestAsync(storage, batch, cancellationToken);
        if (latest is [{ IsZip: true } zip, ..])
            return new FoundPicture($"\"{zip.ETag.ToString().Trim('"')}-{Hash(image)}-{size}\"", DateTimeOffset.UnixEpoch, token => ReadFromZipAsync(batch, zip.ETag, image, token));
        string name = $"{batch}/{image}";
        if (BlobName.FindProblem(name) is not null || await storage.FindPropertiesAsync(BlobLayout.Images, name, cancellationToken) is not BlobProperties blob)
            return null;
        return new FoundPicture($"\"{blob.ETag.ToString().Trim('"')}-{size}\"", blob.LastModified, token => ReadBlobAsync(name, blob, token));
    }

    /// <summary>Reads and reduces a picture.</summary>
    /// <returns>A JPEG; null if the picture is gone.</returns>
    /// <exception cref="ImageRejectedException">It is no picture, or it is damaged. The message is the reason.</exception>
    internal async Task<byte[]?> ReduceAsync(FoundPicture picture, int size, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            if (await picture.ReadAsync(cancellationToken) is not { } content)
                return null;
            using Picture reduced = decoder.DecodePicture(content, minimumSide: 1, maximumSide: size);
            return reduced.ToJpeg(Quality);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _zips.Dispose();
        _turns.Dispose();
    }

    private async Task<ReadOnlyMemory<byte>?> ReadBlobAsync(string name, BlobProperties blob, CancellationToken cancellationToken)
    {
        if (blob.ContentLength > decoder.Limits.MaximumBytes)
            throw new ImageRejectedException($"The file has {blob.ContentLength:N0} bytes; at most {decoder.Limits.MaximumBytes:N0} are read.");
        return (await storage.FindContentAsync(BlobLayout.Images, name, cancellationToken))?.Content.ToMemory();
    }

    private async Task<ReadOnlyMemory<byte>?> ReadFromZipAsync(string batch, ETag etag, string image, CancellationToken cancellationToken)
    {
        string name = BatchName.Zip(batch);
        try
        {
            using Lease<ZipFileSet> zip = await _zips.OpenAsync(
                $"{name}\n{etag}", token => new ZipBlob(storage, BlobLayout.Images, name, etag).ListAsync(token), cancellationToken);
            return zip.Value.Find(image) is SetFile file
                ? (ReadOnlyMemory<byte>?)await LimitedReader.ReadAsync(file, decoder.Limits.MaximumBytes, cancellationToken)
                : null;
        }
        catch (RejectedFileException e)
        {
            throw new ImageRejectedException(e.Message, e);
        }
        catch (RequestFailedException e) when (e.IsReplaced() || e.IsNotFound())
        {
            return null;
        }
    }

    private static string Hash(string image) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image)))[..16];
}

/// <summary>A picture that may be read.</summary>
/// <param name="ETag">Names its content and the wanted size, in quotes.</param>
/// <param name="LastModified">When it was written, UTC.</param>
/// <param name="ReadAsync">Reads it; null if it is gone.</param>
internal sealed record FoundPicture(string ETag, DateTimeOffset LastModified, Func<CancellationToken, Task<ReadOnlyMemory<byte>?>> ReadAsync);
