using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Bench.Accuracy.Faces;

/// <summary>Cuts a square around all 68 points of a face. Faces lie less centred in it than in Kaggle's pictures (docs/accuracy.md).</summary>
internal static class FaceCrop
{
    /// <summary>Frame side, as in Kaggle's file.</summary>
    public const int Side = 96;

    private const double SmallestMargin = 1.05;
    private const double MarginSpan = 0.3;
    private const double LargestShift = 0.05;

    /// <summary>Places the frame. The name of the frame decides about margin and shift, so every run cuts the same square.</summary>
    /// <param name="frame">The labelled frame.</param>
    public static FrameTransform Place(P1Frame frame)
    {
        double[] x = [.. frame.Points.Where((_, i) => i % 2 == 0)];
        double[] y = [.. frame.Points.Where((_, i) => i % 2 == 1)];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"crop:{frame.Name}"));
        double side = Math.Max(x.Max() - x.Min(), y.Max() - y.Min()) * (SmallestMargin + (MarginSpan * hash[0] / 255));
        return FrameTransform.Crop(
            new PictureBox(
                ((x.Max() + x.Min() + 1 - side) / 2) + Shift(hash[1]),
                ((y.Max() + y.Min() + 1 - side) / 2) + Shift(hash[2]),
                side,
                side),
            margin: 1,
            new FrameSize(Side, Side));

        double Shift(byte drawn) => side * LargestShift * ((2 * drawn / 255.0) - 1);
    }

    /// <summary>Cuts the square.</summary>
    /// <exception cref="ImageRejectedException">The picture cannot be read.</exception>
    public static byte[] Cut(ImageDecoder decoder, byte[] file, FrameTransform place)
    {
        using OpenedPicture picture = decoder.Open(file);
        return picture.Sample([place], new FrameSize(Side, Side))[0];
    }
}
