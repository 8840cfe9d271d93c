namespace KeypointPipeline.Results;

/// <summary>Which images of a batch are drawn: all of a small one, evenly spread ones of a large one. Depends on place and number
/// alone, so that chunks agree without talking to each other.</summary>
/// <param name="images">Images of the whole batch.</param>
public sealed class OverlaySample(int images)
{
    /// <summary>The most files in <c>overlays/</c>.</summary>
    public const int MaximumOverlays = 200;

    /// <summary>The most thumbnails in <c>report.html</c>.</summary>
    public const int MaximumThumbnails = 60;

    private readonly int _overlays = Math.Min(images, MaximumOverlays);

    /// <summary>Whether the image at an index gets an overlay.</summary>
    /// <param name="index">From 0.</param>
    public bool HasOverlay(int index) => IsChosen(index, images, _overlays);

    /// <summary>Whether it also stands in the report.</summary>
    /// <param name="index">From 0.</param>
    public bool HasThumbnail(int index) =>
        HasOverlay(index) && IsChosen(Rank(index, images, _overlays), _overlays, MaximumThumbnails);

    private static bool IsChosen(int index, int among, int wanted) =>
        wanted >= among || index == 0 || Rank(index, among, wanted) != Rank(index - 1, among, wanted);

    private static int Rank(int index, int among, int wanted) => (int)((long)index * Math.Min(wanted, among) / among);
}
