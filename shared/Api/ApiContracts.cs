using System.Text.Json.Serialization;
using KeypointPipeline.Models;
using KeypointPipeline.Training;

namespace KeypointPipeline.Api;

/// <summary>Body of <c>POST /api/retrain</c>. It may be omitted.</summary>
/// <param name="Force">Trains even if nothing changed, or if the same content failed before.</param>
/// <param name="Settings">Settings of the training; null uses the host's defaults.</param>
public sealed record RetrainRequest(bool Force = false, TrainingSettings? Settings = null);

/// <summary>Body of <c>POST /api/models/{version}/promote</c>. It may be omitted.</summary>
/// <param name="Force">Promotes regardless of the promotion rule. A roll-back does not need it.</param>
/// <param name="Reason">Why, for people; at most 500 characters. It stands in <c>champion.json</c> if the promotion rule does not
/// decide.</param>
public sealed record PromoteRequest(bool Force = false, string? Reason = null);

/// <summary>Answer of <c>GET /api/models</c>.</summary>
/// <param name="Champion">The version in use, or null before the first promotion.</param>
/// <param name="Models">All published versions, newest first.</param>
/// <param name="Learned">What each version learned from, in the order of the versions. Null in answers of earlier versions.</param>
public sealed record ModelList(
    ChampionPointer? Champion, IReadOnlyList<ModelManifest> Models, IReadOnlyList<LearnedData>? Learned = null);

/// <summary>What a version learned from.</summary>
/// <param name="Version">The version.</param>
/// <param name="Datasets">Its datasets.</param>
public sealed record LearnedData(string Version, IReadOnlyList<ModelDataset> Datasets);

/// <summary>A dataset that a version learned from, and what became of it.</summary>
/// <param name="DatasetId">Id of the prepared dataset.</param>
/// <param name="Path">Name of the dropped file; null if it is unknown.</param>
/// <param name="State">Whether later trainings still use it.</param>
/// <param name="Until">When it was replaced or withdrawn, UTC; null if it is in force or that is unknown.</param>
public sealed record ModelDataset(string DatasetId, string? Path, DatasetFate State, DateTimeOffset? Until = null);

/// <summary>What became of a dataset that a version learned from.</summary>
public enum DatasetFate
{
    /// <summary>It is in force.</summary>
    InForce,

    /// <summary>A newer file of the same path replaced it.</summary>
    Replaced,

    /// <summary>Its file was deleted, or a person withdrew it.</summary>
    Withdrawn,

    /// <summary>It was erased, or rows of it were.</summary>
    Erased,

    /// <summary>No path has it.</summary>
    Unknown,
}

/// <summary>Answer of <c>GET /api/health</c>.</summary>
/// <param name="Status"><c>healthy</c>, or <c>unhealthy</c> (with HTTP status 503).</param>
/// <param name="Version">The pipeline's version.</param>
/// <param name="Champion">The model version in use, or null before the first promotion.</param>
/// <param name="Detail">What is wrong; null if nothing is.</param>
public sealed record HealthReport(string Status, string Version, string? Champion, string? Detail = null)
{
    /// <summary>Gets whether requests can be served.</summary>
    [JsonIgnore]
    public bool IsHealthy => Status == "healthy";
}
