using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>Ranks a batch's readable images by the model's uncertainty, to say which to label next. It keeps one
/// <see cref="UncertainImage"/> per image: about 15 MB for 100,000 images.</summary>
/// <param name="schema">The model's keypoints and frame.</param>
internal sealed class LabelRanking(KeypointSchema schema)
{
    private readonly EyeCenters? _eyes = EyeCenters.Find(schema);
    private readonly List<UncertainImage> _images = [];

    /// <summary>Adds an image if it has uncertainties.</summary>
    public void Add(ImageResult result)
    {
        if (result.Uncertainty is not { } uncertainty)
            return;
        int? worst = null;
        double sum = 0;
        int points = 0;
        for (int k = 0; k < schema.Count; k++)
        {
            if (uncertainty[k] is not double pixels)
                continue;
            sum += pixels;
            points++;
            if (worst is null || pixels > uncertainty[worst.Value])
                worst = k;
        }

        _images.Add(worst is int keypoint
            ? new UncertainImage(result.Image, sum / points / Size(result), schema.Names[keypoint], uncertainty[keypoint])
            : new UncertainImage(result.Image, null, null, null));
    }

    /// <summary>All images: first those without a share, then the least certain. Equal images keep the batch's order.</summary>
    public IReadOnlyList<UncertainImage> LeastCertainFirst() => [.. _images.OrderByDescending(i => i.Share ?? double.PositiveInfinity)];

    /// <summary>The length that errors on an image are divided by, in image pixels, so that large and small images compare. It is the
    /// predicted distance between the eye centres, or the frame's longer side if the schema has no eyes. Null if the distance is 0.</summary>
    private double? Size(ImageResult result)
    {
        if (_eyes is null)
        {
            double scale = FrameTransform.Fit(result.Width!.Value, result.Height!.Value, schema.FrameWidth, schema.FrameHeight).Scale;
            return scale * Math.Max(schema.FrameWidth, schema.FrameHeight);
        }

        IReadOnlyList<double?> points = result.Keypoints!;
        double? dx = points[2 * _eyes.Left] - points[2 * _eyes.Right];
        double? dy = points[(2 * _eyes.Left) + 1] - points[(2 * _eyes.Right) + 1];
        return dx is double x && dy is double y && (x != 0 || y != 0) ? double.Hypot(x, y) : null;
    }
}

/// <summary>The model's uncertainty of one image.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Share">The expected error (root mean square per coordinate), averaged over the keypoints and divided by the distance
/// between the eyes or by the frame's longer side. Null if the model gave no usable numbers.</param>
/// <param name="WorstKeypoint">The keypoint with the largest uncertainty.</param>
/// <param name="WorstPixels">That uncertainty, in pixels of the image.</param>
internal sealed record UncertainImage(string Image, double? Share, string? WorstKeypoint, double? WorstPixels);
