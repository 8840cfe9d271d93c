using KeypointPipeline.Local.Demo.DrawnFaces;
using SkiaSharp;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Draws JPEG files such as people have: faces with sides between 64 and 1,024 pixels, in several qualities. All files differ,
/// and the same number gives the same bytes.</summary>
internal static class MixedJpegs
{
    private const int SmallestSide = 64;
    private const int LargestSide = 1_024;
    private const ulong Seed = 2017;
    private static readonly int[] Qualities = [70, 80, 90, 95];

    /// <summary>Draws files, on all processors.</summary>
    public static byte[][] Draw(int count, CancellationToken cancellationToken)
    {
        byte[][] files = new byte[count][];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, number => files[number] = Draw(number));
        return files;
    }

    private static byte[] Draw(int number)
    {
        var random = new Random(number);
        int side = Side(random);
        using DrawnFace face = DrawnFace.Draw(Seed, number, side, Math.Min(LargestSide, side + random.Next((side / 4) + 1)));
        using SKData file = face.Picture.Encode(SKEncodedImageFormat.Jpeg, Qualities[number % Qualities.Length]);
        return file.ToArray();
    }

    /// <summary>Draws a side from a logarithmic scale: as many between 64 and 128 pixels as between 512 and 1,024.</summary>
    private static int Side(Random random) =>
        (int)Math.Round(SmallestSide * Math.Pow(LargestSide / (double)SmallestSide, random.NextDouble()));
}
