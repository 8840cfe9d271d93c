using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Training;

namespace KeypointPipeline.Models;

/// <summary>Content of <c>models/{version}/manifest.json</c>: describes a published version and its origin. Written once, after the model
/// file, and never changed.</summary>
/// <param name="Version">Name of the version. Versions sort by time of training.</param>
/// <param name="Schema">Keypoints and frame.</param>
/// <param name="RunId">Id of the training run.</param>
/// <param name="DatasetIds">Ids of the datasets that the model was trained on.</param>
/// <param name="DataFingerprint">Derived from the dataset ids.</param>
/// <param name="Settings">Settings of the training.</param>
/// <param name="Training">The trainer's result.</param>
/// <param name="Evaluation">Its test error, and the comparison with the champion at that time.</param>
/// <param name="ModelSha256">Lower-case hex SHA-256 of <c>model.onnx</c>.</param>
/// <param name="ModelBytes">Size of <c>model.onnx</c> in bytes.</param>
/// <param name="CodeVersion">Version of the pipeline that published the model.</param>
/// <param name="PublishedAt">Time of publication, UTC.</param>
/// <param name="Decision">What the promotion rule said at publication: rule, figures and row counts. Null in manifests of earlier
/// versions.</param>
/// <param name="Rows">What the row plan of its training says. Null in manifests of earlier versions.</param>
/// <param name="LearnedFrom">The paths of <paramref name="DatasetIds"/> when the training was planned. Null in manifests of earlier
/// versions.</param>
/// <param name="Framing">How instances of pictures become the model's frames. Null if pictures are the frames, and in manifests of earlier
/// versions.</param>
public sealed record ModelManifest(
    string Version,
    KeypointSchema Schema,
    string RunId,
    IReadOnlyList<string> DatasetIds,
    string DataFingerprint,
    TrainingSettings Settings,
    TrainingResult Training,
    ModelComparison Evaluation,
    string ModelSha256,
    long ModelBytes,
    string CodeVersion,
    DateTimeOffset PublishedAt,
    PromotionDecision? Decision = null,
    RowPlanReport? Rows = null,
    IReadOnlyList<LearnedDataset>? LearnedFrom = null,
    Framing? Framing = null);
