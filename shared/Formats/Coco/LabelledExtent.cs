using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.Coco;

/// <summary>The box around labelled points, for formats that need a box.</summary>
internal static class LabelledExtent
{
    /// <summary>Returns the box around the pixels of the points, or null if no point has a position.</summary>
    /// <param name="points">Coordinates (x, y) in pixels, NaN where there is none.</param>
    public static PictureBox? Of(float[] points)
    {
        float[] x = [.. points.Where((value, i) => i % 2 == 0 && !float.IsNaN(value))];
        float[] y = [.. points.Where((value, i) => i % 2 == 1 && !float.IsNaN(value))];

        // A pixel reaches from its number to the next one.
        return x.Length == 0 ? null : new PictureBox(x.Min(), y.Min(), (double)x.Max() - x.Min() + 1, (double)y.Max() - y.Min() + 1);
    }
}
