using KeypointPipeline.Keypoints;
using KeypointPipeline.Port;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api;

/// <summary>Answer of <c>GET /api/batches</c>: a page of the batches that have results or are being predicted.</summary>
/// <param name="Batches">The batches of this page, by name.</param>
public sealed record BatchList(IReadOnlyList<BatchInfo> Batches);

/// <summary>A batch with results.</summary>
/// <param name="Batch">Its name.</param>
/// <param name="FinishedAt">When its results were complete, UTC. Null while it is predicted for the first time; the others are null
/// too then.</param>
/// <param name="ModelVersion">The version that predicted all of it.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Succeeded">Number of images with keypoints.</param>
/// <param name="Failed">Number of images that failed; <c>errors.csv</c> says why.</param>
/// <param name="Instances">Number of faces or other instances with keypoints; null in results of earlier versions.</param>
/// <param name="Doubtful">Number of them whose points may be wrong; null if there are none.</param>
/// <param name="WithoutFace">Number of images in which no face was found. They count in <paramref name="Failed"/>. Null if there are none.</param>
public sealed record BatchInfo(
    string Batch,
    DateTimeOffset? FinishedAt = null,
    string? ModelVersion = null,
    int? Images = null,
    int? Succeeded = null,
    int? Failed = null,
    int? Instances = null,
    int? Doubtful = null,
    int? WithoutFace = null);

/// <summary>Answer of <c>GET /api/batches/{batch}</c>.</summary>
/// <param name="Batch">Its name and counts.</param>
/// <param name="Files">The files that <c>GET /api/batches/{batch}/files/{name}</c> serves, by name.</param>
/// <param name="Gaps">Keypoints that the model does not predict or whose uncertainty is not calibrated; null if the results do not say.</param>
/// <param name="Warning">Why the files may not belong together; null if they do.</param>
/// <param name="Notes">What may be wrong with the results, one sentence each; null if nothing is known.</param>
/// <param name="Prediction">The newest prediction of the batch; null if its history was purged.</param>
public sealed record BatchDetail(
    BatchInfo Batch,
    IReadOnlyList<ResultFileInfo> Files,
    LabelGaps? Gaps = null,
    string? Warning = null,
    IReadOnlyList<string>? Notes = null,
    BatchPrediction? Prediction = null);

/// <summary>The instance that predicts a batch.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="State">Its state.</param>
/// <param name="Progress">What it does; null if it did nothing yet.</param>
/// <param name="Error">Why it failed or was stopped; null if it was not.</param>
public sealed record BatchPrediction(string InstanceId, WorkflowRuntimeStatus State, BatchProgress? Progress, string? Error);

/// <summary>Answer of <c>POST /api/batches/{batch}/cancel</c>.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="StoppedInstances">Instances that predicted it and were stopped.</param>
public sealed record BatchCancellation(string Batch, IReadOnlyList<string> StoppedInstances);

/// <summary>A file of a batch's results.</summary>
/// <param name="Name">Its name, with <c>/</c> between folders.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ETag">Its ETag.</param>
/// <param name="LastModified">When it was written, UTC.</param>
public sealed record ResultFileInfo(string Name, long Bytes, string ETag, DateTimeOffset LastModified);
