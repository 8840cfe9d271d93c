using KeypointPipeline.Keypoints;
using KeypointPipeline.Training;

namespace KeypointPipeline.Models;

/// <summary><c>models/{version}/manifest.json</c>: what a published version is and where it comes from. Written once, after the
/// model file, never changed.</summary>
/// <param name="Version">The version; sorts by time of training.</param>
/// <param name="Schema">Keypoints and frame.</param>
/// <param name="RunId">The training run.</param>
/// <param name="DatasetIds">What it was trained on.</param>
/// <param name="DataFingerprint">Derived from those.</param>
/// <param name="Settings">How it was trained.</param>
/// <param name="Training">What the trainer reported.</param>
/// <param name="Evaluation">The comparison with the champion of the time.</param>
/// <param name="ModelSha256">Lower-case hex SHA-256 of <c>model.onnx</c>.</param>
/// <param name="ModelBytes">Its size.</param>
/// <param name="CodeVersion">The pipeline's version.</param>
/// <param name="PublishedAt">When, UTC.</param>
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

/// <summary>A candidate and the champion of the time on the same validation rows. RMSE over all labelled coordinates, frame pixels.</summary>
/// <param name="ValidationRows">Rows held out of training by every run.</param>
/// <param name="CandidateRmse">Null where there are no labelled validation rows.</param>
/// <param name="CandidateNme">Mean error by inter-ocular distance; null where the schema has no eye centres.</param>
/// <param name="ChampionVersion">Null where there was none.</param>
/// <param name="ChampionRmse">Null where there was no champion, it has another schema, or it cannot be used.</param>
/// <param name="ChampionFault">Why the champion cannot be used; null where it can.</param>
public sealed record ModelComparison(
    int ValidationRows,
    double? CandidateRmse,
    double? CandidateNme,
    string? ChampionVersion,
    double? ChampionRmse,
    string? ChampionFault = null);

/// <summary><c>models/champion.json</c>: the version in use.</summary>
/// <param name="Version">The version.</param>
/// <param name="PreviousVersion">The one it replaced, for a rollback.</param>
/// <param name="Reason">Why it was promoted.</param>
/// <param name="PromotedAt">When, UTC.</param>
public sealed record ChampionPointer(string Version, string? PreviousVersion, string Reason, DateTimeOffset PromotedAt);
