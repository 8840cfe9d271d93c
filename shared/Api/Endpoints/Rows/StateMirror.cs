using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Api.Rows;
using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Api.Endpoints.Rows;

/// <summary>States the mirror pairs of a dropped file, or that it has none: writes them into the sidecar beside the file and prepares the
/// file again. What else the sidecar states stays. 400: the body cannot be used, or a name is no keypoint. 404: there is no such file.
/// 409: the path is a folder, its sidecar is damaged, or another program changes it.</summary>
[ApiEndpoint(StateMirror.Method, StateMirror.Template)]
public sealed class StateMirror(PipelineStorage storage, DatasetPaths paths, PreparedDatasetStore prepared, HandledDrops handled) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "put";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "mirror";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        MirrorRequest request = await call.ReadBodyAsync<MirrorRequest>(cancellationToken);
        if (DatasetPath.FindProblem(request.Path) is string problem)
            throw new ApiProblemException(400, "Invalid body", $"path {problem}.");
        if (DatasetPath.IsFolder(request.Path))
        {
            throw new ApiProblemException(
                409, "Path is a folder", $"State the pairs in datasets/{request.Path}{SidecarFile.NameInZip} and drop the folder again: its sidecar is one of its files.");
        }

        ETag file = await storage.FindETagAsync(BlobLayout.Datasets, request.Path, cancellationToken)
            ?? throw new ApiProblemException(404, "No such dataset", $"There is no file datasets/{request.Path}. {ApiRoute.Of<ListDatasets>()} lists the paths.");
        JsonNode stated = await ReadPairsAsync(request, cancellationToken);
        string sidecar = await WriteAsync(request.Path, stated, cancellationToken);
        var drop = Drop.OfDataset(request.Path, file.ToString(), sidecar);
        await handled.StartOnRequestAsync(call.Workflows, drop, cancellationToken);
        return ApiAnswer.Accepted(call.CheckStatus(drop.InstanceId));
    }

    private async Task<JsonNode> ReadPairsAsync(MirrorRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var statement = MirrorStatement.Parse(request.Pairs, "pairs");
            if ((await paths.FindAsync(request.Path, cancellationToken))?.DatasetId is string id && await prepared.FindAsync(id, cancellationToken) is DatasetManifest manifest)
                statement.Apply(manifest.Schema.Names);
        }
        catch (FormatException e)
        {
            throw new ApiProblemException(400, "Invalid body", e.Message);
        }

        return request.Pairs.Trim().Equals(MirrorStatement.NoPairs, StringComparison.OrdinalIgnoreCase)
            ? JsonValue.Create(MirrorStatement.NoPairs)
            : new JsonArray([.. request.Pairs.Split(',').Select(group => (JsonNode)new JsonArray([.. group.Split(':', StringSplitOptions.TrimEntries).Select(name => (JsonNode)name)]))]);
    }

    /// <summary>Replaces one member of the sidecar.</summary>
    /// <returns>The sidecar's new ETag.</returns>
    private async Task<string> WriteAsync(string path, JsonNode stated, CancellationToken cancellationToken)
    {
        string name = path + SidecarFile.Ending;
        BlobDownloadResult? current = await storage.FindContentAsync(BlobLayout.Datasets, name, cancellationToken);
        JsonObject content = current is null ? new JsonObject() : Parse(name, current);
        content[StatedFacts.MirrorMember] = stated;
        if (!await storage.TryReplaceAsync(BlobLayout.Datasets, name, content, current?.Details.ETag, cancellationToken))
            throw new ApiProblemException(409, "Sidecar changed", $"Another program changed datasets/{name} meanwhile. Send the request again.");
        return $"{await storage.FindETagAsync(BlobLayout.Datasets, name, cancellationToken)}";
    }

    private static JsonObject Parse(string name, BlobDownloadResult sidecar)
    {
        try
        {
            return PipelineJson.Read<JsonObject>(sidecar.Content.ToString().TrimStart('\uFEFF'));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ApiProblemException(409, "Sidecar damaged", $"datasets/{name} is not a JSON object: {e.Message} Correct or delete it, then send the request again.");
        }
    }
}
