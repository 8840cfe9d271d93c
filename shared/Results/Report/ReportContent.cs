using KeypointPipeline.Models;
using KeypointPipeline.Results.Overlays;

namespace KeypointPipeline.Results.Report;

/// <summary>Collects what the report shows of a batch. Its size is limited, whatever the size of the batch.</summary>
internal sealed class ReportContent
{
    /// <summary>Maximum number of failed results in the report; <c>errors.csv</c> lists all.</summary>
    public const int MaximumFailures = 200;

    private readonly List<ChunkLine> _pictures = [];
    private readonly List<ImageResult> _failures = [];

    /// <summary>Images with keypoints.</summary>
    public int Succeeded { get; private set; }

    /// <summary>Images that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Predicted instances.</summary>
    public int Instances { get; private set; }

    /// <summary>Results that failed: whole images, and single instances of images.</summary>
    public int FailedResults { get; private set; }

    /// <summary>Images that lacked a place: the whole image was used.</summary>
    public int WithoutPlace { get; private set; }

    /// <summary>Images without a face. They count as failed too.</summary>
    public int WithoutFace { get; private set; }

    /// <summary>Predicted instances whose points may be wrong, because the model is too uncertain.</summary>
    public int Doubtful { get; private set; }

    /// <summary>Files in <c>overlays/</c>.</summary>
    public int Overlays { get; private set; }

    /// <summary>Images with a thumbnail, in order: with keypoints or without a face.</summary>
    public IReadOnlyList<ChunkLine> Pictures => _pictures;

    /// <summary>The first failed results, without images that have no face.</summary>
    public IReadOnlyList<ImageResult> Failures => _failures;

    /// <summary>Adds a line. The first line of an image decides whether the image failed: failed instances come last.</summary>
    public void Add(ChunkLine image)
    {
        bool isFirst = image.Result.Face is null or 1;
        Succeeded += isFirst && image.Result.Succeeded ? 1 : 0;
        Failed += isFirst && !image.Result.Succeeded ? 1 : 0;
        Instances += image.Result.Succeeded ? 1 : 0;
        FailedResults += image.Result.Succeeded ? 0 : 1;
        WithoutPlace += image.Result.LacksPlace ? 1 : 0;
        WithoutFace += image.Result.IsWithoutFace ? 1 : 0;
        Doubtful += image.Result is { Succeeded: true, IsDoubtful: true } ? 1 : 0;
        if (image.Overlay is not null)
            Overlays++;
        if (image.Thumbnail is not null)
            AddPicture(image);
        if (!image.Result.Succeeded && !image.Result.IsWithoutFace)
            AddFailure(image.Result);
    }

    /// <summary>Adds a later part of the batch.</summary>
    public void Add(ResultPart part)
    {
        Succeeded += part.Succeeded;
        Failed += part.Failed;
        Instances += part.Instances ?? part.Succeeded;
        FailedResults += part.FailedResults ?? part.Failed;
        WithoutPlace += part.WithoutPlace;
        WithoutFace += part.WithoutFace;
        Doubtful += part.Doubtful;
        Overlays += part.Overlays;
        foreach (ChunkLine picture in part.Pictures)
            AddPicture(picture);
        foreach (ImageResult failure in part.Failures)
            AddFailure(failure);
    }

    /// <summary>The content as a part of a batch.</summary>
    public ResultPart ToPart(int? number, LabelRanking ranking) =>
        new(number, Succeeded, Failed, Overlays, Pictures, Failures, ranking.Images, ranking.LeastCertainFirst())
        {
            Instances = Instances,
            FailedResults = FailedResults,
            WithoutPlace = WithoutPlace,
            WithoutFace = WithoutFace,
            Doubtful = Doubtful,
        };

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
