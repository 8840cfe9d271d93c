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
        if (image.Thumbnail is not null)
            AddPicture(image);
        if (!image.Result.Succeeded)
            AddFailure(image.Result);
    }

    /// <summary>Adds a later part of the batch.</summary>
    public void Add(ResultPart part)
    {
        Succeeded += part.Succeeded;
        Failed += part.Failed;
        Overlays += part.Overlays;
        foreach (ChunkLine picture in part.Pictures)
            AddPicture(picture);
        foreach (ImageResult failure in part.Failures)
            AddFailure(failure);
    }

    /// <summary>The content as a part of a batch.</summary>
    public ResultPart ToPart(int? number, LabelRanking ranking) =>
        new(number, Succeeded, Failed, Overlays, Pictures, Failures, ranking.Images, ranking.LeastCertainFirst());

    private void AddPicture(ChunkLine picture)
    {
        if (_pictures.Count < OverlaySample.MaximumThumbnails)
            _pictures.Add(picture);
    }

    private void AddFailure(ImageResult failure)
    {
        if (_failures.Count < MaximumFailures)
            _failures.Add(failure);
    }
}
