using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Commands;

/// <summary>Whether an ended instance did what was asked for. Commands that wait for an instance take their exit code from it.</summary>
/// <param name="Succeeded">Whether it did. An accepted dataset and a batch with at least one predicted image are successes.</param>
/// <param name="Reason">Why it did not, or a note about a part that failed; null if there is nothing to say.</param>
/// <param name="UsedContent">Whether the content that was dropped became a model or results.</param>
internal sealed record InstanceOutcome(bool Succeeded, string? Reason = null, bool UsedContent = true)
{
    /// <summary>What a command's help says about exit codes.</summary>
    public const string Help =
        "Exit codes with --watch:\n"
        + "  0  the dataset was accepted, or at least one image was predicted. Bad rows and unreadable images are counted and listed.\n"
        + "     A training that is not needed, or whose model does not beat the champion, is no failure.\n"
        + "  1  the dataset was rejected, no image was predicted, the instance failed or was terminated, or newer content took its place";

    /// <summary>Judges an ended instance.</summary>
    public static InstanceOutcome Of(WorkflowStatus ended) => ended.RuntimeStatus switch
    {
        WorkflowRuntimeStatus.Terminated => Failure($"{ended.InstanceId} was terminated: {ended.Output}"),
        not WorkflowRuntimeStatus.Completed => Failure($"{ended.InstanceId} failed: {ended.Output}"),
        _ => ended.Name switch
        {
            nameof(IngestDataset) when InstanceText.Read<IngestDatasetOutput>(ended.Output) is { } output => Of(output),
            nameof(InferBatch) when InstanceText.Read<InferBatchOutput>(ended.Output) is { } output => Of(output),
            _ => new InstanceOutcome(true),
        },
    };

    private static InstanceOutcome Of(IngestDatasetOutput output) => output.Accepted
        ? new InstanceOutcome(true, UsedContent: output.Training?.Trained != false)
        : Failure($"The dataset was rejected: {output.Reason}");

    private static InstanceOutcome Of(InferBatchOutput output) => output switch
    {
        { Images: 0 } => Failure($"Batch {output.Batch} holds no images."),
        { Succeeded: 0 } => Failure($"None of the {output.Images:N0} images could be predicted; {Reasons(output)}"),
        { Failed: > 0 } => new InstanceOutcome(true, $"{output.Failed:N0} of {output.Images:N0} images could not be predicted; {Reasons(output)}"),
        _ => new InstanceOutcome(true),
    };

    private static string Reasons(InferBatchOutput output) => output.Parts == 1
        ? $"{output.Results}{ResultFiles.Errors} says why."
        : $"{output.Results}{ResultFiles.Part(ResultFiles.Errors, 0)} to {ResultFiles.Part(ResultFiles.Errors, output.Parts - 1)} say why.";

    private static InstanceOutcome Failure(string reason) => new(false, reason, UsedContent: false);
}
