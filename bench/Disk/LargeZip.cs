using System.IO.Compression;
using KeypointPipeline.Inference;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Storage;
using SkiaSharp;

namespace KeypointPipeline.Bench.Disk;

/// <summary>Writes a zip of photographs of any size into storage, without a local file. Photographs have 1 to 5 MB. A few pictures have many
/// names each.</summary>
internal static class LargeZip
{
    private const int Pictures = 16;
    private const int Side = 1_600;
    private const int LargeSide = 3_200;
    private const int LargePictureEvery = 4;
    private const int ImagesPerFolder = 1_000;
    private const ulong Seed = 2019;

    /// <summary>Writes a batch's zip.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="bytes">At least as many bytes of pictures.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Number of images.</returns>
    public static async Task<int> UploadAsync(PipelineStorage storage, string batch, long bytes, CancellationToken cancellationToken)
    {
        byte[][] pictures = [.. Enumerable.Range(0, Pictures).Select(Draw)];
        await using BlockUploadStream upload = storage.StartUpload(BlobLayout.Images, BatchName.Zip(batch));
        int images = 0;
        await using (ZipArchive zip = await ZipArchive.CreateAsync(upload, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            for (long written = 0; written < bytes; images++)
            {
                byte[] picture = pictures[images % Pictures];
                ZipArchiveEntry entry = zip.CreateEntry($"{images / ImagesPerFolder:000}/{images:000000}.jpg", CompressionLevel.NoCompression);
                await using Stream content = await entry.OpenAsync(cancellationToken);
                await content.WriteAsync(picture, cancellationToken);
                written += picture.Length;
            }
        }

        await upload.CommitAsync(cancellationToken);
        return images;
    }

    private static byte[] Draw(int number)
    {
        using DrawnFace face = DrawnFace.Draw(Seed, number, number % LargePictureEvery == 0 ? LargeSide : Side);
        using SKData file = face.Picture.Encode(SKEncodedImageFormat.Jpeg, quality: 100);
        return file.ToArray();
    }
}
