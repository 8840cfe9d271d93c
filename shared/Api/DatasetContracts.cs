using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api;

/// <summary>Answer of <c>GET /api/datasets</c>.</summary>
/// <param name="Datasets">Prepared datasets in force, oldest first. Later trainings use them.</param>
/// <param name="Rejected">Paths of dropped files that were rejected and not replaced by a good file since.
/// <c>rejected/{path}.reason.json</c> gives the reason.</param>
/// <param name="Unstarted">Containers and paths of dropped files whose workflow was not started, or whose names can start nothing.
/// Characters that no blob name may have are percent-encoded. <c>rejected/{path}.unstarted.json</c> says what to do next.</param>
/// <param name="Paths">Every path that was ever accepted or withdrawn, by name. Null in answers of earlier versions.</param>
/// <param name="Warning">Why planning would stop with an error; null if it would not.</param>
/// <param name="Report">The newest report of the path, with <c>path=PATH</c> only.</param>
/// <param name="NotStarted">Why the newest file of the path started nothing, with <c>path=PATH</c> only; null if it started.</param>
public sealed record DatasetList(
    IReadOnlyList<DatasetManifest> Datasets,
    IReadOnlyList<string> Rejected,
    IReadOnlyList<string> Unstarted,
    IReadOnlyList<DatasetPathInfo>? Paths = null,
    string? Warning = null,
    DatasetReport? Report = null,
    UnstartedBlob? NotStarted = null);

/// <summary>What is in force for a path.</summary>
/// <param name="Path">Name of the dropped file in the <c>datasets</c> container.</param>
/// <param name="DatasetId">Id of the newest accepted content; null if none was accepted.</param>
/// <param name="Rows">Its number of rows; null if it is not prepared any more.</param>
/// <param name="Since">Time from which it is in force, UTC.</param>
/// <param name="Withdrawn">Why and when the path was withdrawn; null if it is in force.</param>
/// <param name="Note">What a person should know or do; null if there is nothing.</param>
public sealed record DatasetPathInfo(
    string Path, string? DatasetId, int? Rows, DateTimeOffset? Since, DatasetWithdrawal? Withdrawn = null, string? Note = null);

/// <summary>Answer of <c>DELETE /api/datasets</c>.</summary>
/// <param name="Preview">Whether nothing was changed, because only a preview was asked for.</param>
/// <param name="Datasets">The datasets that were withdrawn or erased.</param>
/// <param name="StoppedTrainings">Trainings that used their rows and were stopped.</param>
/// <param name="Notes">What else a person should know.</param>
/// <param name="Remains">What is not erased, and until when it remains.</param>
public sealed record DatasetRemoval(
    bool Preview,
    IReadOnlyList<RemovedDataset> Datasets,
    IReadOnlyList<string> StoppedTrainings,
    IReadOnlyList<string> Notes,
    IReadOnlyList<RemainingCopy> Remains);

/// <summary>A dataset that was withdrawn or erased, as a whole or in part.</summary>
/// <param name="Path">Name of the dropped file in the <c>datasets</c> container.</param>
/// <param name="DatasetId">Id of the dataset; null if the path had none.</param>
/// <param name="Rows">Number of rows withdrawn or erased; null if it is unknown.</param>
/// <param name="InForce">Whether it was in force.</param>
/// <param name="NewDatasetId">Id of the dataset without the erased rows; null if there is none.</param>
public sealed record RemovedDataset(string Path, string? DatasetId, int? Rows, bool InForce, string? NewDatasetId = null);

/// <summary>Answer of <c>DELETE /api/batches/{batch}</c>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Images">Number of deleted blobs in <c>images</c>.</param>
/// <param name="Results">Number of deleted blobs in <c>results</c>.</param>
/// <param name="StoppedInstances">Instances that predicted the batch and were stopped.</param>
/// <param name="Remains">What is not deleted, and until when it remains.</param>
public sealed record BatchRemoval(
    string Batch, int Images, int Results, IReadOnlyList<string> StoppedInstances, IReadOnlyList<RemainingCopy> Remains);

/// <summary>Something that a removal leaves.</summary>
/// <param name="What">What remains and where.</param>
/// <param name="Until">When it is deleted by itself, UTC; null if that is unknown or never happens.</param>
/// <param name="Note">How it can be deleted, or why it stays.</param>
public sealed record RemainingCopy(string What, DateTimeOffset? Until, string Note);
