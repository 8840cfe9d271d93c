using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Chooses the datasets of a run and writes its request, or says why there is nothing to train.</summary>
public sealed class PlanTraining(
    PreparedDatasetStore datasets, ModelRegistry models, TrainingRunStore runs, TrainingSettings defaults, TimeProvider time)
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

        IReadOnlyList<DatasetManifest> accepted = await datasets.ListAsync(cancellationToken);
        if (accepted.Count == 0)
            return new TrainingPlan("there is no accepted dataset: drop a labelled CSV into the datasets container first");
        IReadOnlyList<ModelManifest> published = await models.ListAsync(cancellationToken);
        KeypointSchema schema = await ChooseSchemaAsync(input, accepted, published, cancellationToken);
        string[] ids = [.. accepted.Where(d => d.Schema.Equals(schema)).Select(d => d.DatasetId).Order(StringComparer.Ordinal)];
        if (ids.Length == 0)
            return new TrainingPlan($"no accepted dataset has the champion's schema ({schema})");

        TrainingSettings settings = input.Settings ?? defaults;
        settings.Validate();
        string fingerprint = PreparedDatasetStore.Fingerprint(ids);
        ModelManifest? same = published.FirstOrDefault(m => m.DataFingerprint == fingerprint && m.Settings == settings);
        if (same is not null && !input.Force)
            return new TrainingPlan($"nothing changed: model {same.Version} was trained on the same data with the same settings");

        await runs.WriteRequestAsync(
            new TrainingRequest(input.RunId, ids, schema, fingerprint, settings, time.GetUtcNow()), cancellationToken);
        return new TrainingPlan(null);
    }

    private async Task<KeypointSchema> ChooseSchemaAsync(
        PlanTrainingInput input,
        IReadOnlyList<DatasetManifest> accepted,
        IReadOnlyList<ModelManifest> published,
        CancellationToken cancellationToken)
    {
        if (input.DatasetId is string datasetId)
        {
            return accepted.FirstOrDefault(d => d.DatasetId == datasetId)?.Schema
                ?? throw new PermanentStepException($"Dataset '{datasetId}' is no longer an accepted dataset.");
        }

        ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
        return published.FirstOrDefault(m => m.Version == champion?.Version)?.Schema ?? accepted[^1].Schema;
    }
}

/// <summary>The input of <see cref="PlanTraining"/>.</summary>
/// <param name="RunId">The run to plan.</param>
/// <param name="DatasetId">The run trains on all accepted datasets of this dataset's schema. Null: of the champion's schema, or of the
/// newest dataset's schema while there is no champion.</param>
/// <param name="Force">Train even if a model of the same data and settings exists.</param>
/// <param name="Settings">How to train, or null for the host's defaults.</param>
public sealed record PlanTrainingInput(string RunId, string? DatasetId, bool Force, TrainingSettings? Settings);

/// <summary>The output of <see cref="PlanTraining"/>.</summary>
/// <param name="SkipReason">Why there is nothing to train; null if the run's request is written.</param>
public sealed record TrainingPlan(string? SkipReason);
