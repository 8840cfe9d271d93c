using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>How certain a prediction is, from 0 to 1: the object keypoint similarity (OKS) that the model expects of its points. It is
/// COCO's measure of an instance, whose definition is at https://cocodataset.org/#keypoints-eval.</summary>
/// <remarks>OKS is the mean of exp(−d² ÷ 2s²κ²) over the points, where d is a point's error and s² the instance's area. If the errors in x
/// and y are normal with the predicted root mean square u, the mean of that term is exactly 1 ÷ (1 + u² ÷ s²κ²).</remarks>
internal static class ExpectedSimilarity
{
    /// <summary>κ of every point: 2σ with σ = 0.05. COCO's own σ are 0.025 for eyes to 0.107 for hips; other points have none.</summary>
    private const double Kappa = 0.1;

    /// <summary>Computes the similarity.</summary>
    /// <param name="result">A result with keypoints.</param>
    /// <returns>The similarity, rounded to 1/10,000; null if the model gives no uncertainty.</returns>
    public static double? Of(ImageResult result)
    {
        if (result.Uncertainty is not { } uncertainty)
            return null;
        double area = result.Box is { } box ? box.Width * box.Height : Extent(result.Keypoints!, 0) * Extent(result.Keypoints!, 1);
        double sum = 0;
        int points = 0;
        foreach (double? length in uncertainty)
        {
            if (length is not double pixels)
                continue;
            sum += 1 / (1 + (pixels * pixels / (area * Kappa * Kappa)));
            points++;
        }

        return points == 0 ? null : Math.Round(sum / points, 4);
    }

    /// <summary>The number of pixels from the first to the last point in one direction; 1 if there are no points.</summary>
    private static double Extent(IReadOnlyList<double?> points, int offset)
    {
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        for (int i = offset; i < points.Count; i += 2)
        {
            if (points[i] is double coordinate)
                (least, most) = (Math.Min(least, coordinate), Math.Max(most, coordinate));
        }

        return Math.Max(most - least, 0) + 1;
    }
}
