using KeypointPipeline.Bench.Scale.Store;
using KeypointPipeline.Results;

namespace KeypointPipeline.Bench.Scale;

/// <summary>The figures of one simulated batch.</summary>
/// <param name="Images">Images of the batch.</param>
/// <param name="Seconds">Seconds from start to end.</param>
/// <param name="ProcessorSeconds">Processor time of the whole process in these seconds, the store's included.</param>
/// <param name="PeakMegabytes">The peak of the process's resident memory in these seconds.</param>
/// <param name="Requests">The requests.</param>
/// <param name="Journal">The histories.</param>
/// <param name="Steps">The steps by name.</param>
/// <param name="Summary">The batch's summary.</param>
/// <param name="ReportBytes">Size of the report.</param>
/// <param name="RankedImages">Rows of the list of images to label next.</param>
internal sealed record ScaleFigures(
    int Images,
    double Seconds,
    double ProcessorSeconds,
    double PeakMegabytes,
    RequestCounts Requests,
    ScaleJournal Journal,
    IReadOnlyDictionary<string, StepFigures> Steps,
    BatchSummary Summary,
    long ReportBytes,
    long RankedImages)
{
    /// <summary>Processor time per image, in microseconds.</summary>
    public double MicrosecondsPerImage => ProcessorSeconds / Images * 1e6;

    /// <summary>Requests per 1,000 images.</summary>
    public double RequestsPerThousand => Requests.All / (Images / 1000.0);

    /// <summary>Seconds of the longest step.</summary>
    public double LongestStepSeconds => Steps.Values.Max(step => step.LongestSeconds);

    /// <summary>The most requests of a step.</summary>
    public int MostRequestsOfStep => Steps.Values.Max(step => step.MostRequests);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Images:N0} images: {Seconds:N0} s, {MicrosecondsPerImage:N1} µs an image, {PeakMegabytes:N0} MB, {RequestsPerThousand:N2} requests per 1,000 images, "
        + $"longest history {Journal.LongestHistory:N0}, longest step {LongestStepSeconds:N1} s";
}
