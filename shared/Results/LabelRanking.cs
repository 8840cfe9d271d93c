using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>Ranks a batch's readable images by the model's uncertainty, to say which to label next. It keeps the
/// <see cref="MaximumImages"/> least certain: about 2 MB, whatever the size of the batch.</summary>
/// <param name="schema">The model's keypoints and frame.</param>
internal sealed class LabelRanking(KeypointSchema schema)
{
    /// <summary>Images that are kept: more than anybody labels before the next training.</summary>
    public const int MaximumImages = 10_000;

    private readonly EyeCenters? _eyes = EyeCenters.Find(schema);
    private readonly PriorityQueue<UncertainImage, (double Share, int Place)> _images = new();
    private int _added;

    /// <summary>Images with uncertainties, those that are not kept included.</summary>
    public int Images { get; private set; }

    /// <summary>Adds an image if it has uncertainties.</summary>
    public void Add(ImageResult result)
    {
        if (result.Uncertainty is not { } uncertainty)
            return;
        int worst = -1;
        double most = 0;
        double sum = 0;
        int points = 0;
        for (int k = 0; k < schema.Count; k++)
        {
            if (uncertainty[k] is not double pixels)
                continue;
            sum += pixels;
            points++;
            if (worst < 0 || pixels > most)
                (worst, most) = (k, pixels);
        }

        Images++;
        double? share = worst < 0 ? null : sum / points / Size(result);
        (double, int) rank = NextRank(share);
        if (IsKept(rank))
            Keep(Describe(result, share, worst, most), rank);
    }

    /// <summary>Adds the ranking of a later part of the batch.</summary>
    /// <param name="leastCertainFirst">The part's least certain images, in order.</param>
    /// <param name="images">The part's images with uncertainties.</param>
    public void Add(IEnumerable<UncertainImage> leastCertainFirst, int images)
    {
        Images += images;
        foreach (UncertainImage image in leastCertainFirst)
        {
            (double, int) rank = NextRank(image.Share);
            if (!IsKept(rank))
                return;
            Keep(image, rank);
        }
    }

    /// <summary>The kept images: first those without a share, then the least certain. Equal images keep the batch's order.</summary>
    public IReadOnlyList<UncertainImage> LeastCertainFirst() =>
        [.. _images.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];

    /// <summary>The rank of the next image. Of two images with one share, the first in the batch ranks higher.</summary>
    private (double Share, int Place) NextRank(double? share) => (share ?? double.PositiveInfinity, -_added++);

    private UncertainImage Describe(ImageResult result, double? share, int worst, double most) =>
        new(result.Image, share, worst < 0 ? null : schema.Names[worst], worst < 0 ? null : most) { Face = result.Face, Instance = result.Instance };

    private bool IsKept((double, int) rank) => _images.Count < MaximumImages || (_images.TryPeek(out _, out (double, int) last) && rank.CompareTo(last) > 0);

    private void Keep(UncertainImage image, (double, int) rank)
    {
        if (_images.Count < MaximumImages)
            _images.Enqueue(image, rank);
        else
            _images.EnqueueDequeue(image, rank);
    }

    /// <summary>The length that errors on an image are divided by, in image pixels, so that large and small images compare. It is the
    /// predicted distance between the eye centres, or the frame's longer side if the schema has no eyes. Null if the distance is 0.</summary>
    private double? Size(ImageResult result)
    {
        if (_eyes is null)
        {
            double scale = result.Scale ?? FrameTransform.Fit(result.Width!.Value, result.Height!.Value, schema.FrameWidth, schema.FrameHeight).Scale;
            return scale * Math.Max(schema.FrameWidth, schema.FrameHeight);
        }

        IReadOnlyList<double?> points = result.Keypoints!;
        double? dx = points[2 * _eyes.Left] - points[2 * _eyes.Right];
        double? dy = points[(2 * _eyes.Left) + 1] - points[(2 * _eyes.Right) + 1];
        return dx is double x && dy is double y && (x != 0 || y != 0) ? double.Hypot(x, y) : null;
    }
}

/// <summary>The model's uncertainty of one result.</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Share">The expected error (root mean square per coordinate), averaged over the keypoints and divided by the distance
/// between the eyes or by the frame's longer side. Null if the model gave no usable numbers.</param>
/// <param name="WorstKeypoint">The keypoint with the largest uncertainty.</param>
/// <param name="WorstPixels">That uncertainty, in pixels of the image.</param>
internal sealed record UncertainImage(string Image, double? Share, string? WorstKeypoint, double? WorstPixels)
{
    /// <inheritdoc cref="ImageResult.Face"/>
    public int? Face { get; init; }

    /// <inheritdoc cref="ImageResult.Instance"/>
    public string? Instance { get; init; }
}
