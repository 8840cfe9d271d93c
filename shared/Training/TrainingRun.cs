using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Training;

/// <summary>File names of a run, the same in a local folder and under <c>runs/{runId}/</c>. All communication with a trainer goes through
/// these files.</summary>
public static class TrainingRunFiles
{
    /// <summary>The <see cref="TrainingRequest"/>, written before the trainer starts and never changed.</summary>
    public const string Request = "request.json";

    /// <summary>The row plan: the side of every row. Written before the request and never changed. Runs of earlier versions have
    /// none.</summary>
    public const string Rows = "rows.bin";

    /// <summary>The <see cref="TrainingStatus"/>, rewritten at least every <see cref="TrainingStatus.HeartbeatInterval"/>.</summary>
    public const string Status = "status.json";

    /// <summary>One <see cref="EpochMetrics"/> per line.</summary>
    public const string Metrics = "metrics.jsonl";

    /// <summary>The newest lines of the trainer's log, over all its starts, replaced atomically. Runs of earlier versions have none.</summary>
    public const string Log = "log.txt";

    /// <summary>The newest checkpoint, replaced atomically.</summary>
    public const string Checkpoint = "checkpoint.bin";

    /// <summary>The trained model, written once.</summary>
    public const string Model = "model.onnx";

    /// <summary>The learning curve for people, as SVG. Runs of earlier versions have none.</summary>
    public const string Curve = "learning-curve.svg";

    /// <summary>The learning curve as PNG.</summary>
    public const string CurvePicture = "learning-curve.png";

    /// <summary>The <see cref="TrainingResult"/>: the completion marker, written last.</summary>
    public const string Result = "result.json";

    /// <summary>An empty blob that asks the trainer to save and stop.</summary>
    public const string Stop = "stop";

    /// <summary>An empty blob whose lease the running trainer holds, so that a run never has two trainers.</summary>
    public const string Lock = "lock";

    /// <summary>The starts of the trainer in Container Apps (<see cref="ContainerApps.TrainerRecord"/>). The trainer does not read
    /// it.</summary>
    public const string Trainer = "trainer.json";

    /// <summary>The trainers that ended before the run was done (<see cref="TrainerEnd"/>), oldest first. It is missing while none did, and in
    /// runs of earlier versions. The trainer does not read it.</summary>
    public const string Ends = "ends.json";
}

/// <summary><c>request.json</c>.</summary>
/// <param name="RunId">The run.</param>
/// <param name="DatasetIds">Prepared datasets to train on. Their keypoints match the schema by name.</param>
/// <param name="Schema">Keypoints and frame of the training.</param>
/// <param name="DataFingerprint">Derived from the dataset ids.</param>
/// <param name="Settings">The settings that people choose.</param>
/// <param name="CreatedAt">When the run was planned, UTC.</param>
/// <param name="ValidationDatasetIds">Prepared datasets to validate on, while nothing is held out of <paramref name="DatasetIds"/>; null
/// if the row plan holds rows out.</param>
/// <param name="TestDatasetIds">Prepared datasets that measure the finished model; null if the row plan holds rows out or there is no
/// test.</param>
/// <param name="Rows">What the row plan says; null in a run planned by an earlier version.</param>
/// <param name="LearnedFrom">The paths of <paramref name="DatasetIds"/> in storage; null outside storage and in a run planned by an
/// earlier version.</param>
/// <param name="Framing">How instances of pictures become the model's frames; null if the rows' pixels are the frames, and in a run planned
/// by an earlier version.</param>
public sealed record TrainingRequest(
    string RunId,
    IReadOnlyList<string> DatasetIds,
    KeypointSchema Schema,
    string DataFingerprint,
    TrainingSettings Settings,
    DateTimeOffset CreatedAt,
    IReadOnlyList<string>? ValidationDatasetIds = null,
    IReadOnlyList<string>? TestDatasetIds = null,
    RowPlanReport? Rows = null,
    IReadOnlyList<LearnedDataset>? LearnedFrom = null,
    Framing? Framing = null);

/// <summary>The state of a trainer.</summary>
public enum TrainingState
{
    /// <summary>Loading libraries and data.</summary>
    Starting,

    /// <summary>Running epochs.</summary>
    Running,

    /// <summary>Writing the model.</summary>
    Exporting,

    /// <summary>Done: the result marker exists.</summary>
    Completed,

    /// <summary>Stopped on request or by SIGTERM after saving a checkpoint; can be started again.</summary>
    Stopped,

    /// <summary>Failed in a way that another start would repeat.</summary>
    Failed,
}

/// <summary><c>status.json</c>, the heartbeat.</summary>
/// <param name="State">The state of the trainer.</param>
/// <param name="HeartbeatAt">When this was written, UTC.</param>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Epochs">Planned epochs; 0 until the trainer knows its rows.</param>
/// <param name="TrainingLoss">Mean loss of the last epoch.</param>
/// <param name="ValidationRmse">Root mean squared error over all labelled validation coordinates at the last validation, frame pixels.</param>
/// <param name="BestValidationRmse">The lowest validation error so far, frame pixels.</param>
/// <param name="ImagesPerSecond">Training throughput of the last epoch.</param>
/// <param name="SecondsLeft">Estimated seconds until the model is written.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Repeats">Whether any training on the same data with the same settings would fail in the same way; null unless it
/// failed.</param>
/// <param name="Step">Completed steps; null in the status of an earlier version, like the following.</param>
/// <param name="Steps">Planned steps.</param>
/// <param name="MostSeconds">The longest time of the training, seconds; null if its settings state its length.</param>
/// <param name="Device">What it computes on; null until it is chosen.</param>
public sealed record TrainingStatus(
    TrainingState State,
    DateTimeOffset HeartbeatAt,
    int Epoch,
    int Epochs,
    double? TrainingLoss = null,
    double? ValidationRmse = null,
    double? BestValidationRmse = null,
    double? ImagesPerSecond = null,
    double? SecondsLeft = null,
    string? Error = null,
    bool? Repeats = null,
    long? Step = null,
    long? Steps = null,
    double? MostSeconds = null,
    TrainerDevice? Device = null)
{
    /// <summary>The longest time between two heartbeats of a live trainer.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);
}

/// <summary>What a trainer computes on.</summary>
/// <param name="Kind"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Name">Name of the processor or graphics card, for people.</param>
/// <param name="Threads">Number of threads that compute; null on a graphics card.</param>
/// <param name="Precision">Precision of convolutions: <c>float32</c> or <c>bfloat16</c>.</param>
public sealed record TrainerDevice(string Kind, string Name, int? Threads, string Precision)
{
    /// <summary>Describes the device, for example <c>AMD EPYC 7763, 2 threads, bfloat16</c>.</summary>
    public override string ToString() => $"{Name}{(Threads is int threads ? $", {threads} thread{(threads == 1 ? "" : "s")}" : "")}, {Precision}";
}

/// <summary>A trainer that ended before its run was done. Another one continues from the checkpoint, unless the training was abandoned.</summary>
/// <param name="LaunchedAt">When it was started, UTC.</param>
/// <param name="SeenAt">When its end was seen, UTC.</param>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Reason">Why it ended, in words.</param>
/// <param name="Place">Where it computed; null if there is only one place.</param>
public sealed record TrainerEnd(DateTimeOffset LaunchedAt, DateTimeOffset SeenAt, int Epoch, string Reason, string? Place = null);

/// <summary>One line of <c>metrics.jsonl</c>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="LearningRate">Learning rate at the end of the epoch.</param>
/// <param name="TrainingLoss">Mean loss of the epoch's steps.</param>
/// <param name="ValidationRmse">Validation error, frame pixels; null if this epoch was not validated.</param>
/// <param name="Seconds">Wall-clock seconds of the epoch.</param>
/// <param name="ImagesPerSecond">Training images per second.</param>
/// <param name="Step">Completed steps of the whole training; null in metrics of an earlier version.</param>
public sealed record EpochMetrics(
    int Epoch, double LearningRate, double TrainingLoss, double? ValidationRmse, double Seconds, double ImagesPerSecond, long? Step = null);

/// <summary><c>result.json</c>: the completion marker.</summary>
/// <param name="RunId">The run.</param>
/// <param name="EpochsTrained">Completed epochs; fewer than requested if the training stopped early.</param>
/// <param name="ValidationRmse">Validation error of the exported weights, frame pixels; null without validation rows.</param>
/// <param name="TrainingRows">Number of training rows.</param>
/// <param name="ValidationRows">Number of validation rows.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="TrainingSeconds">Wall-clock seconds of training, over all starts.</param>
/// <param name="ModelSha256">Lower-case hex SHA-256 of <c>model.onnx</c>.</param>
/// <param name="ModelBytes">Size of <c>model.onnx</c>.</param>
/// <param name="TrainerVersion">Version of the trainer.</param>
/// <param name="Gaps">Keypoints without predictions or without calibrated uncertainty; null in results of earlier versions.</param>
/// <param name="TestRmse">Test error of the exported model, frame pixels; null without test rows, or if the trainer did not measure
/// it.</param>
/// <param name="TestRows">Number of test rows; null if the trainer did not measure the test error.</param>
/// <param name="TestComponents">Number of components of the test rows; null as <paramref name="TestRows"/>.</param>
public sealed record TrainingResult(
    string RunId,
    int EpochsTrained,
    double? ValidationRmse,
    int TrainingRows,
    int ValidationRows,
    long Parameters,
    double TrainingSeconds,
    string ModelSha256,
    long ModelBytes,
    string TrainerVersion,
    LabelGaps? Gaps = null,
    double? TestRmse = null,
    int? TestRows = null,
    int? TestComponents = null)
{
    /// <summary>Up to which uncertainty a frame is not doubtful. Null if the model has no gate, and in results of earlier versions.</summary>
    public FrameGate? Gate { get; init; }
}
