using KeypointPipeline.Local.Demo.DrawnScenes;
using SkiaSharp;

namespace KeypointPipeline.Bench.Inference.Photos;

/// <summary>Draws photos such as phones and cameras take: JPEG files of 1 to 12 megapixels with 0 to 6 faces. The same number gives the same
/// bytes.</summary>
internal static class ComposedPhotos
{
    private const double SmallestPixels = 1e6;
    private const double LargestPixels = 12e6;
    private const int MostFaces = 6;
    private const ulong Seed = 20261127;
    private static readonly int[] Qualities = [75, 85, 92];
    private static readonly double[] Shapes = [4.0 / 3, 3.0 / 2, 16.0 / 9];

    /// <summary>Writes photos, on all processors.</summary>
    /// <param name="folder">The folder to write to; created if it is missing.</param>
    /// <param name="count">Number of photos. Every seventh has the same number of faces.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Their paths.</returns>
    public static async Task<string[]> WriteAsync(string folder, int count, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string[] paths = [.. Enumerable.Range(0, count).Select(number => Path.Combine(folder, $"{number:0000}.jpg"))];
        await Parallel.ForAsync(0, count, cancellationToken, async (number, token) => await File.WriteAllBytesAsync(paths[number], Draw(number), token));
        return paths;
    }

    private static byte[] Draw(int number)
    {
        var random = new Random(number);
        // From a logarithmic scale: as many of 1 to 3.5 megapixels as of 3.5 to 12.
        double pixels = SmallestPixels * Math.Pow(LargestPixels / SmallestPixels, random.NextDouble());
        double shape = Shapes[random.Next(Shapes.Length)];
        int longer = (int)Math.Sqrt(pixels * shape);
        int shorter = (int)(longer / shape);
        bool isUpright = random.Next(3) == 0;
        using DrawnScene scene = DrawnScene.Draw(Seed, number, isUpright ? shorter : longer, isUpright ? longer : shorter, number % (MostFaces + 1));
        using SKData file = scene.Picture.Encode(SKEncodedImageFormat.Jpeg, Qualities[random.Next(Qualities.Length)]);
        return file.ToArray();
    }
}
