using System.Globalization;
using System.IO.Compression;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;
using SkiaSharp;

namespace KeypointPipeline.Bench.Ingest;

/// <summary>A zip of small pictures with one table that names them.</summary>
internal static class SmallPictures
{
    /// <summary>Side of a picture in pixels.</summary>
    public const int Side = 64;

    private const int Points = 5;
    private const int Quality = 85;
    private static readonly FrameSize Frame = new(96, 96);

    /// <summary>Writes the zip. All pictures differ.</summary>
    /// <param name="path">Path of the zip.</param>
    /// <param name="pictures">Number of pictures.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task WriteAsync(string path, int pictures, CancellationToken cancellationToken)
    {
        await using ZipArchive zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, cancellationToken);
        var random = new Random(pictures);
        var table = new StringBuilder("image").AppendJoin("", Enumerable.Range(0, Points).Select(k => $",point_{k}_x,point_{k}_y")).Append('\n');
        using var bitmap = new SKBitmap(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        for (int number = 0; number < pictures; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"images/{number:D6}.jpg");
            using (SKData file = Draw(bitmap, random))
            {
                await using Stream entry = await zip.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
                await entry.WriteAsync(file.ToArray(), cancellationToken);
            }

            table.Append(name);
            for (int i = 0; i < 2 * Points; i++)
                table.Append(CultureInfo.InvariantCulture, $",{2 + (60 * random.NextDouble()):0.0}");
            table.Append('\n');
        }

        await using Stream labels = await zip.CreateEntry("labels.csv").OpenAsync(cancellationToken);
        await labels.WriteAsync(Encoding.UTF8.GetBytes(table.ToString()), cancellationToken);
    }

    /// <summary>Decodes all pictures of the zip into frames on all processors, and keeps none: what no preparation can do without.</summary>
    public static async Task DecodeAsync(string path, CancellationToken cancellationToken)
    {
        await using ZipFileSet set = await ZipFileSet.OpenAsync(DatasetSource.FromFile(path), cancellationToken);
        var decoder = new ImageDecoder();
        await Parallel.ForEachAsync(set.Files.Where(file => ImageNames.HasImageEnding(file.Path)), cancellationToken, async (file, cancel) =>
        {
            using var bytes = new MemoryStream();
            await using (Stream content = await file.OpenAsync(cancel))
                await content.CopyToAsync(bytes, cancel);
            decoder.Decode(bytes.ToArray(), Frame.Width, Frame.Height);
        });
    }

    private static SKData Draw(SKBitmap bitmap, Random random)
    {
        Span<byte> pixels = bitmap.GetPixelSpan();
        double phase = Math.Tau * random.NextDouble();
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(120 + (60 * Math.Sin(phase + (i / Side * 0.11))) + (i % Side) + random.Next(8));
        return bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
    }
}
