using System.Text.Json;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Commands;

/// <summary>Describes an instance in one line.</summary>
internal static class InstanceText
{
    /// <summary>Describes what the instance is doing, or its result.</summary>
    public static string Describe(WorkflowStatus status) => status.RuntimeStatus switch
    {
        WorkflowRuntimeStatus.Pending => "about to start",
        WorkflowRuntimeStatus.Failed or WorkflowRuntimeStatus.Terminated => status.Output?.ToString() ?? "",
        WorkflowRuntimeStatus.Completed when status.Name == nameof(Retrain) => Read<TrainModelOutput>(status.Output)?.Reason ?? "done",
        _ => Progress(status) ?? (status.HasEnded ? "done" : "starting"),
    };

    /// <summary>Gets the share done, 0 to 1. Returns null if the instance does not report it.</summary>
    public static double? ShareDone(WorkflowStatus status) => status.Name switch
    {
        nameof(TrainModel) when Read<TrainModelProgress>(status.CustomStatus) is { Epoch: int epoch, Epochs: int and > 0 and var epochs } => (double)epoch / epochs,
        nameof(InferBatch) when Read<BatchProgress>(status.CustomStatus) is { Images: int and > 0 } p => (double)(p.Succeeded + p.Failed ?? 0) / p.Images.Value,
        _ => null,
    };

    private static string? Progress(WorkflowStatus status) => status.Name switch
    {
        nameof(IngestDataset) when Read<IngestProgress>(status.CustomStatus) is { } p => Describe(p),
        nameof(TrainModel) when Read<TrainModelProgress>(status.CustomStatus) is { } p => Describe(p),
        nameof(InferBatch) when Read<BatchProgress>(status.CustomStatus) is { } p => Describe(p),
        _ => status.CustomStatus?.ToString(),
    };

    private static string Describe(IngestProgress progress) =>
        progress.Stage
        + (progress.RowsAccepted is long rows ? $", {rows:N0} rows" : "")
        + (progress.RowsRejected > 0 ? $", {progress.RowsRejected:N0} bad rows skipped" : "")
        + (progress.Mirror is string mirror ? $", {mirror}" : "")
        + (progress.Reason is string reason ? $": {reason}" : "");

    private static string Describe(TrainModelProgress progress) =>
        progress.Stage
        + (progress.Epochs is int and > 0 and var epochs ? $", {TrainingText.Length(progress.Epoch, epochs, progress.Step, progress.Steps)}" : "")
        + ((progress.TestRmse ?? progress.ValidationRmse) is double rmse ? $", {rmse:0.00} px" : "")
        + (progress.ImagesPerSecond is double speed ? $", {speed:0} images/s" : "")
        + (progress.SecondsLeft is double seconds and > 0 ? $", {TrainingText.TimeLeft(seconds)} left{TrainingText.AtMost(progress.MostSeconds)}" : "")
        + (progress.Reason is string reason ? $": {reason}" : "");

    private static string Describe(BatchProgress progress) =>
        progress.Stage
        + (progress.Images is int images ? $", {(progress.Succeeded + progress.Failed is int done ? $"{done:N0} of " : "")}{images:N0} images" : "")
        + (progress.Failed > 0 ? $", {progress.Failed:N0} failed" : "");

    /// <summary>Reads what an instance wrote. Returns null if it wrote nothing, or in the form of another version of the program.</summary>
    internal static T? Read<T>(JsonElement? written)
        where T : class
    {
        try
        {
            return written is { ValueKind: JsonValueKind.Object } json ? json.Deserialize<T>(PipelineJson.Compact) : null;
        }
        catch (JsonException)
        {
            // Another version of the program wrote it in another form.
            return null;
        }
    }
}
