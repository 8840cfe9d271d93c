namespace KeypointPipeline.Results.Overlays;

/// <summary>Chooses the images of a batch that are drawn: all of a small batch, evenly spread ones of a large batch. The choice
/// depends only on an image's place and the number of images, so all chunks agree.</summary>
/// <param name="images">Number of images in the whole batch.</param>
internal sealed class OverlaySample(int images)
{
    /// <summary>The most files in <c>overlays/</c>.</summary>
    public const int MaximumOverlays = 200;

    /// <summary>The most thumbnails in <c>report.html</c>.</summary>
    public const int MaximumThumbnails = 60;

    /// <summary>The most crops of instances in <c>report.html</c>.</summary>
    public const int MaximumCrops = 600;

    private readonly int _overlays = Math.Min(images, MaximumOverlays);

    /// <summary>Whether the image at an index gets an overlay.</summary>
    /// <param name="index">From 0.</param>
    public bool HasOverlay(int index) => IsChosen(index, images, _overlays);

    /// <summary>Whether the image is also in the report.</summary>
    /// <param name="index">From 0.</param>
    public bool HasThumbnail(int index) =>
        HasOverlay(index) && IsChosen(Rank(index, images, _overlays), _overlays, MaximumThumbnails);

    /// <summary>The most crops of one image in the report.</summary>
    public int CropsPerImage => MaximumCrops / Math.Clamp(images, 1, MaximumThumbnails);

    private static bool IsChosen(int index, int among, int wanted) =>
        wanted >= among || index == 0 || Rank(index, among, wanted) != Rank(index - 1, among, wanted);

    private static int Rank(int index, int among, int wanted) => (int)((long)index * Math.Min(wanted, among) / among);
}
