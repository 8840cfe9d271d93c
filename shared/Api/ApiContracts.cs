using System.Text.Json.Serialization;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;
using KeypointPipeline.Training;

namespace KeypointPipeline.Api;

/// <summary>Body of <c>POST /api/retrain</c>. It may be omitted.</summary>
/// <param name="Force">Trains even if nothing changed since the champion.</param>
/// <param name="Settings">Settings of the training; null uses the host's defaults.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RetrainRequest(bool Force = false, TrainingSettings? Settings = null);

/// <summary>Body of <c>POST /api/models/{version}/promote</c>. It may be omitted.</summary>
/// <param name="Force">Promotes regardless of the promotion rule. A roll-back does not need it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PromoteRequest(bool Force = false);

/// <summary>Answer of <c>GET /api/models</c>.</summary>
/// <param name="Champion">The version in use, or null before the first promotion.</param>
/// <param name="Models">All published versions, newest first.</param>
public sealed record ModelList(ChampionPointer? Champion, IReadOnlyList<ModelManifest> Models);

/// <summary>Answer of <c>GET /api/datasets</c>.</summary>
/// <param name="Datasets">Accepted datasets, oldest first.</param>
/// <param name="Rejected">Paths of dropped files that were rejected. <c>rejected/{path}.reason.json</c> gives the reason.</param>
/// <param name="Unstarted">Containers and paths of dropped files whose workflow could not be started.
/// <c>rejected/{path}.unstarted.json</c> says what to do next.</param>
public sealed record DatasetList(
    IReadOnlyList<DatasetManifest> Datasets, IReadOnlyList<string> Rejected, IReadOnlyList<string> Unstarted);

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
