using KeypointPipeline.Models;

namespace KeypointPipeline.Results;

/// <summary>What the report shows of a batch, collected while its images pass by: bounded, whatever the batch's size.</summary>
internal sealed class ReportContent
{
    /// <summary>The most failed images that the report lists; <c>errors.csv</c> has all.</summary>
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
