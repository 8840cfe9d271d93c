using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Splits;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Chooses the datasets of a run, plans the side of every row, and writes the row plan and the request; or says why there is
/// nothing to train.</summary>
public sealed class PlanTraining(
    DatasetPaths paths,
    PreparedDatasetStore datasets,
    ModelRegistry models,
    TrainingHistory history,
    RowPlanStore plans,
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
        if (await runs.FindRequestAsync(input.RunId, cancellationToken) is TrainingRequest first)
            return new TrainingPlan(null, first.Rows);

        try
        {
            return await PlanAsync(input, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or VanishedDatasetsException)
        {
            throw new PermanentStepException($"Planning stopped: {e.Message}", e);
        }
    }

    private async Task<TrainingPlan> PlanAsync(PlanTrainingInput input, CancellationToken cancellationToken)
    {
        RowPlan? earlier = await plans.FindOfRunAsync(input.RunId, cancellationToken);
        IReadOnlyList<DatasetInForce> inForce = await paths.ReconcileAsync(cancellationToken);
        IReadOnlyList<DatasetManifest> available = await FindAllAsync(
            earlier?.Datasets.Select(d => d.DatasetId) ?? inForce.Select(d => d.DatasetId), cancellationToken);
        if (available.Count < earlier?.Datasets.Count)
            throw new PermanentStepException("A dataset of this training was erased while it was planned. Start another training.");
        if (available.Count == 0)
            return new TrainingPlan("no dataset is in force: drop a labelled CSV into the datasets container first");
        if (input.DatasetId is string datasetId && available.All(d => d.DatasetId != datasetId))
            return new TrainingPlan($"dataset {datasetId} is not in force any more: it was replaced or withdrawn");

        IReadOnlyList<ModelManifest> published = await models.ListAsync(cancellationToken);
        ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
        KeypointSchema? championSchema = published.FirstOrDefault(m => m.Version == champion?.Version)?.Schema;
        KeypointSchema basis = available.FirstOrDefault(d => d.DatasetId == input.DatasetId)?.Schema ?? championSchema ?? available[^1].Schema;
        DatasetFamily family = DatasetFamily.Of(available, basis, championSchema);
        if (family.Members.Count == 0)
            return new TrainingPlan($"no dataset in force has only keypoints of the champion: {string.Join("; ", family.Apart)}");

        TrainingSettings settings = input.Settings ?? defaults;
        settings.Validate();
        string[] ids = [.. earlier?.Datasets.Select(d => d.DatasetId) ?? family.Members.Select(d => d.DatasetId).Order(StringComparer.Ordinal)];
        string fingerprint = PreparedDatasetStore.Fingerprint(ids);
        var content = new TrainingContent(fingerprint, settings, inForce.Select(d => d.DatasetId).ToHashSet(StringComparer.Ordinal));
        if (!input.Force && earlier is null
            && await TrainingNeed.ResolveAsync(content, published, models, runs, cancellationToken) is string notNeeded)
            return new TrainingPlan(notNeeded);

        RowPlan plan = earlier ?? await PlanRowsAsync(ids, family, published, cancellationToken);
        if (earlier is null && !await plans.TryWriteOfRunAsync(input.RunId, plan, cancellationToken))
            return await RunAsync(input, cancellationToken);
        SharedFraming framing = SharedFraming.Of([.. ids.Select(id => family.Members.First(dataset => dataset.DatasetId == id))], family.Schema);
        RowPlanReport report = plan.Report() with { Apart = family.Apart.Count == 0 ? null : family.Apart, Framings = framing.Note };
        await runs.WriteRequestAsync(
            new TrainingRequest(input.RunId, ids, family.Schema, fingerprint, settings, time.GetUtcNow())
            {
                Rows = report,
                Framing = framing.Framing,
                LearnedFrom = [.. inForce.Where(d => ids.Contains(d.DatasetId)).Select(d => new LearnedDataset(d.Path, d.DatasetId))],
            },
            cancellationToken);
        return new TrainingPlan(null, report);
    }

    private async Task<RowPlan> PlanRowsAsync(
        string[] ids, DatasetFamily family, IReadOnlyList<ModelManifest> published, CancellationToken cancellationToken)
    {
        var keys = new List<DatasetKeys>();
        foreach (string id in ids)
            keys.Add(await history.ReadKeysAsync(family.Members.Single(d => d.DatasetId == id), cancellationToken));
        return RowPlanner.Plan(keys, await history.ReadAsync(published, cancellationToken));
    }

    /// <summary>Reads datasets, oldest first. Two paths may have the same one.</summary>
    private async Task<IReadOnlyList<DatasetManifest>> FindAllAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var manifests = new List<DatasetManifest>();
        foreach (string id in ids.Distinct(StringComparer.Ordinal))
        {
            if (await datasets.FindAsync(id, cancellationToken) is DatasetManifest manifest)
                manifests.Add(manifest);
        }

        return [.. manifests.OrderBy(m => m.PreparedAt).ThenBy(m => m.DatasetId, StringComparer.Ordinal)];
    }
}

/// <summary>The input of <see cref="PlanTraining"/>.</summary>
/// <param name="RunId">The run to plan.</param>
/// <param name="DatasetId">The run trains on this dataset and all datasets in force whose keypoints go with it by name
/// (<see cref="DatasetFamily"/>). Null: with the champion's, or with the newest dataset's while there is no champion.</param>
/// <param name="Force">Train even if <see cref="TrainingNeed"/> says that no training is needed.</param>
/// <param name="Settings">How to train, or null for the host's defaults.</param>
public sealed record PlanTrainingInput(string RunId, string? DatasetId, bool Force, TrainingSettings? Settings);

/// <summary>The output of <see cref="PlanTraining"/>.</summary>
/// <param name="SkipReason">Why there is nothing to train; null if the run's request is written.</param>
/// <param name="Rows">What the row plan says; null if there is nothing to train, or an earlier version planned the run.</param>
public sealed record TrainingPlan(string? SkipReason, RowPlanReport? Rows = null);
