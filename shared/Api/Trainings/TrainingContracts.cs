using KeypointPipeline.Port;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Trainings;

/// <summary>Answer of <c>GET /api/trainings</c>: a page of trainings, newest first.</summary>
/// <param name="Trainings">The trainings.</param>
public sealed record TrainingList(IReadOnlyList<TrainingInfo> Trainings);

/// <summary>A training.</summary>
/// <param name="RunId">Its id; also the id of its instance.</param>
/// <param name="State">The state of its instance.</param>
/// <param name="CreatedAt">When it was asked for, UTC.</param>
/// <param name="UpdatedAt">When it changed last, UTC.</param>
/// <param name="Progress">What it does; null if it did nothing yet.</param>
/// <param name="Output">How it ended; null if it runs or failed.</param>
/// <param name="Error">Why it failed or was stopped; null if it was not.</param>
public sealed record TrainingInfo(
    string RunId,
    WorkflowRuntimeStatus State,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    TrainModelProgress? Progress,
    TrainModelOutput? Output,
    string? Error);

/// <summary>Answer of <c>GET /api/trainings/{runId}</c>.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Training">Its instance; null if its history was purged.</param>
/// <param name="Request">What is trained and how; null until it is planned.</param>
/// <param name="Status">The trainer's newest heartbeat; null before the first.</param>
/// <param name="Result">The trainer's result; null until it is done.</param>
/// <param name="Epochs">The learning curve, an entry for each epoch, in order.</param>
/// <param name="BestEpoch">The epoch with the lowest validation error; null if none was validated.</param>
/// <param name="Ends">Trainers that ended before the training was done, oldest first, with the reasons.</param>
public sealed record TrainingDetail(
    string RunId,
    TrainingInfo? Training,
    TrainingRequest? Request,
    TrainingStatus? Status,
    TrainingResult? Result,
    IReadOnlyList<EpochMetrics> Epochs,
    int? BestEpoch,
    IReadOnlyList<TrainerEnd> Ends);

/// <summary>Answer of <c>GET /api/trainings/{runId}/log</c>.</summary>
/// <param name="RunId">The training.</param>
/// <param name="Lines">The newest lines of its trainer's log, oldest first, over all its starts. Empty before the first, and if an earlier
/// version trained it.</param>
public sealed record TrainingLog(string RunId, IReadOnlyList<string> Lines);

/// <summary>Answer of <c>POST /api/trainings/{runId}/stop</c>.</summary>
/// <param name="RunId">The training that was stopped.</param>
public sealed record StoppedTraining(string RunId);
