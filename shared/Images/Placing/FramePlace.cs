using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Images.Placing;

/// <summary>Finds the place of an instance's frame from its box or its points.</summary>
internal static class FramePlace
{
    /// <summary>See <see cref="Framing.TryPlace"/>.</summary>
    public static bool TryFind(
        Framing framing,
        PictureBox? box,
        ReadOnlySpan<float> points,
        (int Width, int Height) picture,
        FrameSize frame,
        out FrameTransform transform,
        [NotNullWhen(false)] out string? problem)
    {
        transform = default;
        (PictureBox Box, double Margin)? place = Choose(framing, box, points, out problem);
        if (place is null)
        {
            problem ??= "no box, and fewer than two labelled points";
            return false;
        }

        problem = FindProblem(place.Value.Box, place.Value.Margin, picture);
        if (problem is null)
            transform = FrameTransform.Crop(place.Value.Box, place.Value.Margin, frame);
        return problem is null;
    }

    /// <summary>Returns the extent of an instance's points. Unlabelled points count where the fitted shape has them.</summary>
    /// <param name="shape">The shape in the order of the points, or null.</param>
    /// <param name="points">K·2 coordinates; NaN if unknown.</param>
    /// <exception cref="ArgumentException">The number of points is another than the shape's.</exception>
    public static Extent ExtentOf(FramingShape? shape, ReadOnlySpan<float> points)
    {
        var extent = Extent.Of(points);
        if (shape is null)
            return extent;
        double[] known = shape.Points as double[] ?? [.. shape.Points];
        if (known.Length != points.Length)
            throw new ArgumentException($"The shape has {known.Length / 2} keypoints, and {points.Length / 2} points are given.", nameof(points));
        if (Similarity.Fit(known, points) is not Similarity fit)
            return extent;
        for (int i = 0; i < known.Length; i += 2)
        {
            if (float.IsNaN(points[i]) || float.IsNaN(points[i + 1]))
            {
                (double x, double y) = fit.Apply(known[i], known[i + 1]);
                extent = extent.With(x, y);
            }
        }

        return extent;
    }

    /// <summary>Chooses between box and points. A box stands for the extent of all points, and the other way round.</summary>
    private static (PictureBox Box, double Margin)? Choose(Framing framing, PictureBox? box, ReadOnlySpan<float> points, out string? problem)
    {
        problem = null;
        if (box is not null && (framing.Kind == FramingKind.Box || KnownPoints.Count(points) < 2))
            return (box, framing.Margin);
        if (KnownPoints.Count(points) < 2)
            return null;
        Extent extent = ExtentOf(framing.Shape, points);
        if (extent.Longer > 0)
            return (extent.ToBox(), framing.Kind == FramingKind.Box ? framing.Margin * Framing.PointsMargin : framing.Margin);
        problem = "no box, and all labelled points are at one place";
        return null;
    }

    private static string? FindProblem(PictureBox box, double margin, (int Width, int Height) picture)
    {
        PictureBox upright = box.Upright();
        double side = Math.Max(upright.Width, upright.Height) * margin;
        if (!double.IsFinite(upright.Left + upright.Top + side) || upright.Width < 0 || upright.Height < 0 || side <= 0)
            return $"the box {Describe(box)} has no place; a width and a height above 0 are expected";
        if (side < Framing.SmallestSide)
            return $"the box {Describe(box)} is smaller than {Framing.SmallestSide} pixels";
        if (side > Framing.LargestShare * Math.Max(picture.Width, picture.Height))
            return $"the box {Describe(box)} is more than {Framing.LargestShare} times as large as the picture of {picture.Width}×{picture.Height} pixels";
        bool isOutside = upright.Left >= picture.Width || upright.Top >= picture.Height || upright.Left + upright.Width <= 0 || upright.Top + upright.Height <= 0;
        return isOutside ? $"the box {Describe(box)} lies outside the picture of {picture.Width}×{picture.Height} pixels" : null;
    }

    private static string Describe(PictureBox box) =>
        string.Create(CultureInfo.InvariantCulture, $"(left {box.Left:0.#}, top {box.Top:0.#}, {box.Width:0.#}×{box.Height:0.#})");
}
