using System.Reflection;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api;

/// <summary>What the HTTP endpoints under <c>/api</c> do, without HTTP: hosts map routes, bodies and
/// <see cref="ApiProblemException"/>.</summary>
public sealed class PipelineApi(
    IWorkflowClient workflows,
    PipelineStorage storage,
    ModelRegistry models,
    PreparedDatasetStore datasets,
    TimeProvider time)
{
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(5);

    private static readonly string CodeVersion =
        typeof(PipelineApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Starts a retraining.</summary>
    /// <returns>The instance's id.</returns>
    /// <exception cref="ApiProblemException">400: a setting is outside its range.</exception>
    public async Task<string> RetrainAsync(RetrainRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            request.Settings?.Validate();
        }
        catch (ArgumentException e)
        {
            throw new ApiProblemException(400, "Invalid training settings", $"{e.Message} Correct it and send the request again.");
        }

        string instanceId = InstanceIds.RequestedRetrain(time.GetUtcNow());
        await workflows.StartAsync(
            Retrain.Ref, new RetrainInput("asked for over HTTP", request.Force, request.Settings), instanceId, cancellationToken);
        return instanceId;
    }

    /// <summary>Starts a batch whose images are uploaded, as dropping its marker does: the marker is written where it is missing.
    /// A batch that was started already, by its marker or zip or by an earlier call, is not started again.</summary>
    /// <returns>The instance's id.</returns>
    /// <exception cref="ApiProblemException">400: no batch can be named so. 404: there are no such images.</exception>
    public async Task<string> StartBatchAsync(string batch, CancellationToken cancellationToken)
    {
        if (BatchFiles.FindNameProblem(batch) is string problem)
            throw new ApiProblemException(400, "Invalid batch name", $"The batch's name {problem}. Upload the images under another one.");
        string marker = $"{batch}/{BlobLayout.ReadyMarker}";
        ETag etag = await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken)
            ?? await storage.FindETagAsync(BlobLayout.Images, BatchFiles.Zip(batch), cancellationToken)
            ?? (await HasImagesAsync(batch, cancellationToken) ? await MarkReadyAsync(marker, cancellationToken) : null)
            ?? throw new ApiProblemException(
                404, "No such batch", $"Upload the images to images/{batch}/ or as images/{BatchFiles.Zip(batch)}, then send the request again.");

        string instanceId = InstanceIds.Batch(batch, etag.ToString());
        await workflows.StartAsync(InferBatch.Ref, new InferBatchInput(batch, etag.ToString()), instanceId, cancellationToken);
        return instanceId;
    }

    /// <summary>All published versions and the champion.</summary>
    public async Task<ModelList> ListModelsAsync(CancellationToken cancellationToken) =>
        new(await models.GetChampionAsync(cancellationToken), await models.ListAsync(cancellationToken));

    /// <summary>Makes a version the champion: by the promotion rule, or whatever it says when forced.</summary>
    /// <returns>The pointer in force.</returns>
    /// <exception cref="ApiProblemException">404: no such version. 409: the rule says no, and why.</exception>
    public async Task<ChampionPointer> PromoteAsync(string version, PromoteRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ModelManifest candidate = await models.FindAsync(version, cancellationToken)
            ?? throw new ApiProblemException(404, "No such model version", $"'{version}' is not published; GET /api/models lists the versions.");
        try
        {
            return request.Force
                ? await models.PromoteAsync(version, "promoted by hand", cancellationToken)
                : await PromoteByRuleAsync(candidate, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new ApiProblemException(409, "Not promoted", $"{version} was not promoted: {e.Message} Promote another version, or train again.");
        }
    }

    private async Task<ChampionPointer> PromoteByRuleAsync(ModelManifest candidate, CancellationToken cancellationToken)
    {
        string version = candidate.Version;
        ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
        if (champion?.Version == version)
            return champion;
        PromotionDecision decision = await DecideAsync(candidate, champion, cancellationToken);
        if (!decision.Promote || !await models.TryPromoteAsync(version, champion?.Version, decision.Reason, cancellationToken))
        {
            string reason = decision.Promote ? "another version became champion in the meantime" : decision.Reason;
            throw new ApiProblemException(
                409, "Not promoted", $"{version} was not promoted: {reason}. To promote it all the same, send {{\"force\":true}}.");
        }

        return await models.GetChampionAsync(cancellationToken)
            ?? throw new InvalidOperationException("The champion pointer was deleted right after it was written.");
    }

    /// <summary>Accepted datasets, and the names of files that were rejected or could not be started.</summary>
    public async Task<DatasetList> ListDatasetsAsync(CancellationToken cancellationToken)
    {
        const string ReasonEnding = ".reason.json";
        var rejected = new List<string>();
        var unstarted = new List<string>();
        await foreach (BlobItem blob in storage.Container(BlobLayout.Rejected).GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (blob.Name.EndsWith(ReasonEnding, StringComparison.Ordinal))
                rejected.Add(blob.Name[..^ReasonEnding.Length]);
            else if (blob.Name.EndsWith(UnstartedBlob.NameEnding, StringComparison.Ordinal))
                unstarted.Add(blob.Name[..^UnstartedBlob.NameEnding.Length]);
        }

        return new DatasetList(await datasets.ListAsync(cancellationToken), rejected, unstarted);
    }

    /// <summary>Whether storage answers.</summary>
    public async Task<HealthReport> CheckHealthAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(HealthPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            ChampionPointer? champion = await models.GetChampionAsync(either.Token);
            return new HealthReport("healthy", CodeVersion, champion?.Version);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever is wrong, saying so is this endpoint's work.
            return new HealthReport("unhealthy", CodeVersion, Champion: null, $"Storage does not answer: {e.Message}");
        }
    }

    /// <summary>Applies the promotion rule to the comparison made after training, if it was made against today's champion.</summary>
    private async Task<PromotionDecision> DecideAsync(
        ModelManifest candidate, ChampionPointer? champion, CancellationToken cancellationToken)
    {
        ModelComparison comparison = candidate.Evaluation;
        if (champion is null)
            return PromotionRule.Decide(comparison with { ChampionVersion = null }, sameSchema: false);
        if (comparison.ChampionVersion != champion.Version)
        {
            return new PromotionDecision(
                false, $"it was compared with {comparison.ChampionVersion ?? "no champion"}, and the champion is {champion.Version} now");
        }

        ModelManifest? current = await models.FindAsync(champion.Version, cancellationToken);
        return PromotionRule.Decide(comparison, current?.Schema.Equals(candidate.Schema) ?? false);
    }

    private async Task<bool> HasImagesAsync(string batch, CancellationToken cancellationToken)
    {
        string prefix = $"{batch}/";
        await foreach (BlobItem blob in storage.Container(BlobLayout.Images)
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            if (ImageNames.IsMeantAsImage(blob.Name[prefix.Length..]))
                return true;
        }

        return false;
    }

    private async Task<ETag?> MarkReadyAsync(string marker, CancellationToken cancellationToken)
    {
        try
        {
            BlobContentInfo written = await storage.Blob(BlobLayout.Images, marker).UploadAsync(
                BinaryData.Empty,
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellationToken);
            return written.ETag;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return await storage.FindETagAsync(BlobLayout.Images, marker, cancellationToken);
        }
    }
}
