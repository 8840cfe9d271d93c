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
/// <param name="Evaluation">Comparison with the champion at that time.</param>
/// <param name="ModelSha256">Lower-case hex SHA-256 of <c>model.onnx</c>.</param>
/// <param name="ModelBytes">Size of <c>model.onnx</c> in bytes.</param>
/// <param name="CodeVersion">Version of the pipeline that published the model.</param>
/// <param name="PublishedAt">Time of publication, UTC.</param>
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
    DateTimeOffset PublishedAt);

/// <summary>Compares a candidate with the champion at that time on the same validation rows. RMSE covers all labelled coordinates, in
/// frame pixels.</summary>
/// <param name="ValidationRows">Number of validation rows, which every run holds out of training.</param>
/// <param name="CandidateRmse">RMSE of the candidate; null if no validation row is labelled.</param>
/// <param name="CandidateNme">The candidate's mean error ÷ inter-ocular distance; null if the schema has no eye centres.</param>
/// <param name="ChampionVersion">Version of the champion; null if there was no champion.</param>
/// <param name="ChampionRmse">RMSE of the champion; null if there was no champion, it has another schema, or it cannot be used.</param>
/// <param name="ChampionFault">Why the champion cannot be used; null if it can.</param>
public sealed record ModelComparison(
    int ValidationRows,
    double? CandidateRmse,
    double? CandidateNme,
    string? ChampionVersion,
    double? ChampionRmse,
    string? ChampionFault = null);

/// <summary>Content of <c>models/champion.json</c>: names the version in use.</summary>
/// <param name="Version">The version in use.</param>
/// <param name="PreviousVersion">The version that it replaced, for a rollback; null for the first champion.</param>
/// <param name="Reason">Why it was promoted.</param>
/// <param name="PromotedAt">Time of the promotion, UTC.</param>
public sealed record ChampionPointer(string Version, string? PreviousVersion, string Reason, DateTimeOffset PromotedAt);
