using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Tables;

namespace KeypointPipeline.Results;

/// <summary>Ranks a batch's instances to say which to label next. First come doubtful instances, then images without a face, then whole
/// images that stand for an instance; each of these, and all others, by the model's uncertainty. It keeps the
/// <see cref="MaximumImages"/> first: about 2 MB, whatever the size of the batch.</summary>
/// <param name="schema">The model's keypoints and frame.</param>
internal sealed class LabelRanking(KeypointSchema schema)
{
    /// <summary>Instances that are kept: more than anybody labels before the next training.</summary>
    public const int MaximumImages = 10_000;

    /// <summary>The statuses that come before <see cref="KeypointsCsv.Ok"/>, the last one first. A model can be certain of points on
    /// a whole image that are wrong, so its uncertainty alone does not rank them.</summary>
    private static readonly string[] Concerns = [KeypointsCsv.Ok, KeypointsCsv.Whole, KeypointsCsv.WithoutFace, KeypointsCsv.Doubtful];

    private readonly EyeCenters? _eyes = EyeCenters.Find(schema);
    private readonly PriorityQueue<UncertainImage, (int Concern, double Share, int Place)> _images = new();
    private int _added;

    /// <summary>Instances that can be ranked, those that are not kept included.</summary>
    public int Images { get; private set; }

    /// <summary>Adds a result if it has uncertainties, or if its image has no face.</summary>
    public void Add(ImageResult result)
    {
        if (result.Uncertainty is null && !result.IsWithoutFace)
            return;
        int worst = -1;
        double most = 0;
        double sum = 0;
        int points = 0;
        foreach ((int k, double? length) in (result.Uncertainty ?? []).Index())
        {
            if (length is not double pixels)
                continue;
            sum += pixels;
            points++;
            if (worst < 0 || pixels > most)
                (worst, most) = (k, pixels);
        }

        Images++;
        string status = KeypointsCsv.StatusOf(result);
        double? share = worst < 0 ? null : sum / points / Size(result);
        (int, double, int) rank = NextRank(status, share);
        if (IsKept(rank))
            Keep(Describe(result, status, share, worst, most), rank);
    }

    /// <summary>Adds the ranking of a later part of the batch.</summary>
    /// <param name="leastCertainFirst">The first instances of the part's ranking, in order.</param>
    /// <param name="images">The part's instances that can be ranked.</param>
    public void Add(IEnumerable<UncertainImage> leastCertainFirst, int images)
    {
        Images += images;
        foreach (UncertainImage image in leastCertainFirst)
        {
            (int, double, int) rank = NextRank(image.Status, image.Share);
            if (!IsKept(rank))
                return;
            Keep(image, rank);
        }
    }

    /// <summary>The kept instances, in order. Of one status, those without a share come first, then the least certain. Equal ones keep the
    /// batch's order.</summary>
    public IReadOnlyList<UncertainImage> LeastCertainFirst() =>
        [.. _images.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];

    /// <summary>The rank of the next instance. Of two with one status and share, the first in the batch ranks higher.</summary>
    private (int Concern, double Share, int Place) NextRank(string status, double? share) =>
        (Math.Max(Array.IndexOf(Concerns, status), 0), share ?? double.PositiveInfinity, -_added++);

    private UncertainImage Describe(ImageResult result, string status, double? share, int worst, double most) =>
        new(result.Image, share, worst < 0 ? null : schema.Names[worst], worst < 0 ? null : most)
        {
            Face = result.Face,
            Instance = result.Instance,
            Status = status,
        };

    private bool IsKept((int, double, int) rank) =>
        _images.Count < MaximumImages || (_images.TryPeek(out _, out (int, double, int) last) && rank.CompareTo(last) > 0);

    private void Keep(UncertainImage image, (int, double, int) rank)
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
            return result.ScaleIn(schema) * Math.Max(schema.FrameWidth, schema.FrameHeight);

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

    /// <summary>The <c>status</c> of the result. Parts of earlier versions do not state it.</summary>
    public string Status { get; init; } = KeypointsCsv.Ok;
}
