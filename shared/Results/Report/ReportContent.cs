using KeypointPipeline.Models;

namespace KeypointPipeline.Results.Report;

/// <summary>Collects what the report shows of a batch. Its size is limited, whatever the size of the batch.</summary>
internal sealed class ReportContent
{
    /// <summary>Maximum number of failed images in the report; <c>errors.csv</c> lists all.</summary>
    public const int MaximumFailures = 200;

    private readonly List<ChunkLine> _pictures = [];
    private readonly List<ImageResult> _failures = [];

    public int Succeeded { get; private set; }

    public int Failed { get; private set; }

    public int Overlays { get; private set; }

    /// <summary>Images with a thumbnail, in order.</summary>
    public IReadOnlyList<ChunkLine> Pictures => _pictures;

    /// <summary>The first failed images.</summary>
    public IReadOnlyList<ImageResult> Failures => _failures;

    public void Add(ChunkLine image)
    {
        if (image.Result.Succeeded)
            Succeeded++;
        else
            Failed++;
        if (image.Overlay is not null)
            Overlays++;
        if (image.Thumbnail is not null && _pictures.Count < OverlaySample.MaximumThumbnails)
            _pictures.Add(image);
        if (!image.Result.Succeeded && _failures.Count < MaximumFailures)
            _failures.Add(image.Result);
    }
}
