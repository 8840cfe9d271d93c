using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Chooses the datasets of a run and writes its request, or says why there is nothing to train.</summary>
public sealed class PlanTraining(
    DatasetPaths paths,
    PreparedDatasetStore datasets,
    ModelRegistry models,
    TrainingRunStore runs,
    TrainingSettings defaults,
    TimeProvider time)
    : Step<PlanTrainingInput, TrainingPlan>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<PlanTrainingInput, TrainingPlan> Ref { get; } = new(nameof(PlanTraining), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<TrainingPlan> RunAsync(PlanTrainingInput input, CancellationToken cancellationToken)
    {
        // A retry keeps the first plan, even if another dataset was accepted in between.
        if (await runs.FindRequestAsync(input.RunId, cancellationToken) is not null)
            return new TrainingPlan(null);

        IReadOnlyList<DatasetManifest> accepted = await ListInForceAsync(cancellationToken);
        if (accepted.Count == 0)
            return new TrainingPlan("no dataset is in force: drop a labelled CSV into the datasets container first");
        if (input.DatasetId is string datasetId && accepted.All(d => d.DatasetId != datasetId))
            return new TrainingPlan($"dataset {datasetId} is not in force any more: it was replaced or withdrawn");
        IReadOnlyList<ModelManifest> published = await models.ListAsync(cancellationToken);
        KeypointSchema schema = await ChooseSchemaAsync(input, accepted, published, cancellationToken);
        string[] ids = [.. accepted.Where(d => d.Schema.Equals(schema)).Select(d => d.DatasetId).Order(StringComparer.Ordinal)];
        if (ids.Length == 0)
            return new TrainingPlan($"no dataset in force has the champion's schema ({schema})");

        TrainingSettings settings = input.Settings ?? defaults;
        settings.Validate();
        string fingerprint = PreparedDatasetStore.Fingerprint(ids);
        var content = new TrainingContent(fingerprint, settings, accepted.Select(d => d.DatasetId).ToHashSet(StringComparer.Ordinal));
        if (!input.Force && await TrainingNeed.ResolveAsync(content, published, models, runs, cancellationToken) is string notNeeded)
            return new TrainingPlan(notNeeded);

        await runs.WriteRequestAsync(
            new TrainingRequest(input.RunId, ids, schema, fingerprint, settings, time.GetUtcNow()), cancellationToken);
        return new TrainingPlan(null);
    }

    /// <summary>Reads the datasets in force, oldest first. Two paths may have the same one.</summary>
    private async Task<IReadOnlyList<DatasetManifest>> ListInForceAsync(CancellationToken cancellationToken)
    {
        var manifests = new Dictionary<string, DatasetManifest>(StringComparer.Ordinal);
        try
        {
            foreach (DatasetInForce dataset in await paths.ReconcileAsync(cancellationToken))
            {
                if (await datasets.FindAsync(dataset.DatasetId, cancellationToken) is DatasetManifest manifest)
                    manifests[dataset.DatasetId] = manifest;
            }
        }
        catch (VanishedDatasetsException e)
        {
            throw new PermanentStepException($"Planning stopped: {e.Message}", e);
        }

        return [.. manifests.Values.OrderBy(m => m.PreparedAt).ThenBy(m => m.DatasetId, StringComparer.Ordinal)];
    }

    private async Task<KeypointSchema> ChooseSchemaAsync(
        PlanTrainingInput input,
        IReadOnlyList<DatasetManifest> accepted,
        IReadOnlyList<ModelManifest> published,
        CancellationToken cancellationToken)
    {
        if (input.DatasetId is string datasetId)
            return accepted.Single(d => d.DatasetId == datasetId).Schema;

        ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
        return published.FirstOrDefault(m => m.Version == champion?.Version)?.Schema ?? accepted[^1].Schema;
    }
}

/// <summary>The input of <see cref="PlanTraining"/>.</summary>
/// <param name="RunId">The run to plan.</param>
/// <param name="DatasetId">The run trains on all datasets in force of this dataset's schema. Null: of the champion's schema, or of the
/// newest dataset's schema while there is no champion.</param>
/// <param name="Force">Train even if <see cref="TrainingNeed"/> says that no training is needed.</param>
/// <param name="Settings">How to train, or null for the host's defaults.</param>
public sealed record PlanTrainingInput(string RunId, string? DatasetId, bool Force, TrainingSettings? Settings);

/// <summary>The output of <see cref="PlanTraining"/>.</summary>
/// <param name="SkipReason">Why there is nothing to train; null if the run's request is written.</param>
public sealed record TrainingPlan(string? SkipReason);
