using System.IO.Compression;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using KeypointPipeline.Bench.Inference;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Batch;

/// <summary>Batches of any size that take little disk: every image is a blob of its own, but the storage server copies it from a few
/// hundred originals, and Azurite stores the bytes of all copies once.</summary>
internal sealed class ReferencedImages
{
    /// <summary>Number of distinct images.</summary>
    public const int Originals = 400;

    private const int CopiesAtOnce = 16;
    private const int ImagesPerFolder = 1_000;
    private const string Container = "originals";

    private readonly PipelineStorage _storage;
    private readonly byte[][] _files;
    private readonly Uri[] _originals;

    private ReferencedImages(PipelineStorage storage, byte[][] files, Uri[] originals)
    {
        _storage = storage;
        _files = files;
        _originals = originals;
    }

    /// <summary>The name of an image in its batch: in folders, as cameras and scripts name them.</summary>
    public static string Name(int image) => $"{image / ImagesPerFolder:000}/{image:000000}.jpg";

    /// <summary>Draws and uploads the distinct images.</summary>
    public static async Task<ReferencedImages> UploadAsync(PipelineStorage storage, CancellationToken cancellationToken)
    {
        byte[][] files = MixedJpegs.Draw(Originals, cancellationToken);
        await storage.Container(Container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var urls = new Uri[Originals];
        await ForEachAsync(Originals, async (i, token) =>
        {
            BlobClient blob = storage.Blob(Container, $"{i:000}.jpg");
            await blob.UploadAsync(BinaryData.FromBytes(files[i]), token);
            urls[i] = blob.GenerateSasUri(BlobSasPermissions.Read, TimeProvider.System.GetUtcNow().AddHours(6));
        }, cancellationToken);
        return new ReferencedImages(storage, files, urls);
    }

    /// <summary>Copies a batch without its marker, so it starts nothing.</summary>
    public Task CopyAsync(string batch, int images, CancellationToken cancellationToken) => ForEachAsync(
        images,
        async (i, token) =>
        {
            BlobClient blob = _storage.Blob(BlobLayout.Images, $"{batch}/{Name(i)}");
            BlobCopyInfo copy = await blob.SyncCopyFromUriAsync(_originals[i % Originals], cancellationToken: token);
            if (copy.CopyStatus != CopyStatus.Success)
                throw new InvalidOperationException($"{blob.Name} was not copied: {copy.CopyStatus}.");
        },
        cancellationToken);

    /// <summary>Uploads a batch as a zip, which starts it.</summary>
    public async Task ZipAsync(string batch, int images, CancellationToken cancellationToken)
    {
        await using BlockUploadStream upload = _storage.StartUpload(BlobLayout.Images, BatchName.Zip(batch));
        await using (ZipArchive zip = await ZipArchive.CreateAsync(upload, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            for (int i = 0; i < images; i++)
            {
                await using Stream entry = await zip.CreateEntry(Name(i), CompressionLevel.NoCompression).OpenAsync(cancellationToken);
                await entry.WriteAsync(_files[i % Originals], cancellationToken);
            }
        }

        await upload.CommitAsync(cancellationToken);
    }

    private static Task ForEachAsync(int count, Func<int, CancellationToken, ValueTask> work, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = CopiesAtOnce, CancellationToken = cancellationToken }, work);
}
