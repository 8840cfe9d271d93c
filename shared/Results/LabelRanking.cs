using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>Ranks a batch's readable images by how uncertain the model is of them: what to label next. Keeps one
/// <see cref="UncertainImage"/> per image, about 100 bytes and the name, so some 15 MB for 100,000 images.</summary>
/// <param name="schema">The model's keypoints and frame.</param>
internal sealed class LabelRanking(KeypointSchema schema)
{
    private readonly EyeCenters? _eyes = EyeCenters.Find(schema);
    private readonly List<UncertainImage> _images = [];

    /// <summary>Adds an image, if it has uncertainties.</summary>
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

    /// <summary>All images, those without a share first, then the least certain; equal ones in the batch's order.</summary>
    public IReadOnlyList<UncertainImage> LeastCertainFirst() => [.. _images.OrderByDescending(i => i.Share ?? double.PositiveInfinity)];

    /// <summary>What errors on an image are measured by, image pixels, so that large and small images compare: the predicted distance
    /// between the eye centres, or where the schema has none, the frame's longer side. Null where the eyes have no distance.</summary>
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

/// <summary>How uncertain the model is of one image.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Share">Mean over the keypoints of the expected error (root mean square per coordinate), as a share of the distance
/// between the eyes or of the frame's longer side; null where the model gave no usable numbers.</param>
/// <param name="WorstKeypoint">The keypoint with the largest uncertainty.</param>
/// <param name="WorstPixels">That uncertainty, pixels of the image.</param>
internal sealed record UncertainImage(string Image, double? Share, string? WorstKeypoint, double? WorstPixels);
