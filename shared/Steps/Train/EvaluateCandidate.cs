using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Evaluates a run's model and the champion on the test rows of the run's row plan. Neither model has seen these rows before: the
/// plan keeps rows that a published model trained on in training.</summary>
public sealed class EvaluateCandidate(
    TrainingRunStore runs, RowPlanStore plans, PreparedDatasetStore store, ModelRegistry models, WorkFolder work)
    : Step<string, ModelComparison>
{
    /// <summary>Any rows show whether a model predicts finite numbers, if there are no test rows.</summary>
    private const int RowsWithoutTest = 64;

    /// <summary>How workflows call it; the input is the run id.</summary>
    public static StepRef<string, ModelComparison> Ref { get; } = new(nameof(EvaluateCandidate), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<ModelComparison> RunAsync(string input, CancellationToken cancellationToken)
    {
        TrainingRequest request = await runs.GetRequestAsync(input, cancellationToken);
        using TemporaryFolder folder = work.CreateTemporary();
        string candidatePath = folder.File(TrainingRunFiles.Model);
        await runs.DownloadModelAsync(input, candidatePath, cancellationToken);

        var datasets = new List<PreparedDataset>();
        try
        {
            foreach (string datasetId in request.DatasetIds)
                datasets.Add(PreparedDataset.Open(await store.DownloadAsync(datasetId, work.Datasets, cancellationToken)));
            RowPlan? plan = await plans.FindOfRunAsync(input, cancellationToken);
            plan?.RequireFor(datasets);
            PlannedRow[] test = plan is null ? [] : [.. plan.RowsOn(RowSide.Test)];

            using KeypointModel candidate = await OpenCandidateAsync(request, candidatePath, cancellationToken);
            using Champion champion = await OpenChampionAsync(request.Schema, folder.File("champion.onnx"), cancellationToken);
            var candidateErrors = new List<RowError>();
            EvaluationResult measured = MeasureCandidate(request, candidate, champion.Model, datasets, test, candidateErrors, cancellationToken);
            var championErrors = new List<RowError>();
            (double? championRmse, string? fault) = MeasureChampion(champion, candidate, datasets, test, championErrors, cancellationToken);
            List<RowError> labelled = candidateErrors.FindAll(row => row.Coordinates > 0);
            return new ModelComparison(
                plan?.Count(RowSide.Validation) ?? 0,
                RowError.Rmse(labelled),
                labelled.Count == 0 ? null : measured.Nme,
                champion.Version,
                championRmse,
                fault,
                labelled.Count,
                labelled.Select(row => row.Component).Distinct().Count(),
                championRmse is null ? null : PairedBootstrap.Compare(candidateErrors, championErrors),
                test.Length > 0 && measured.LabelledPoints * 2 > labelled.Sum(row => (long)row.Coordinates) ? measured.Rmse : null);
        }
        catch (PermanentStepException e)
        {
            // The same data and settings give the same model, so planning does not repeat the training.
            await runs.RememberFailureAsync(input, e.Message, cancellationToken);
            throw;
        }
        finally
        {
            datasets.ForEach(d => d.Dispose());
        }
    }

    /// <summary>An unusable champion must not prevent publishing new models; a person then decides which to promote.</summary>
    private async Task<Champion> OpenChampionAsync(KeypointSchema schema, string path, CancellationToken cancellationToken)
    {
        if (await models.GetChampionAsync(cancellationToken) is not ChampionPointer pointer)
            return new Champion(null, null, null);
        if (await models.FindAsync(pointer.Version, cancellationToken) is not ModelManifest manifest
            || !PromotionRule.AreComparable(schema, manifest.Schema))
            return new Champion(pointer.Version, null, null);

        // Planning writes the missing plans of earlier versions. If it could not, the champion's data were erased, and nobody knows
        // whether it trained on the test rows.
        if (!await plans.ExistsOfModelAsync(pointer.Version, cancellationToken))
            return new Champion(pointer.Version, null, null);
        try
        {
            await models.DownloadAsync(pointer.Version, path, cancellationToken);
            return new Champion(pointer.Version, KeypointModel.Open(path), null);
        }
        catch (InvalidDataException e)
        {
            return new Champion(pointer.Version, null, e.Message);
        }
    }

    /// <summary>A model that cannot be used or evaluated is never published.</summary>
    private static async Task<KeypointModel> OpenCandidateAsync(TrainingRequest request, string path, CancellationToken cancellationToken)
    {
        KeypointModel? model = null;
        try
        {
            model = KeypointModel.Open(await File.ReadAllBytesAsync(path, cancellationToken), TrainingRunStore.ModelBlob(request.RunId));
            if (!model.Schema.Equals(request.Schema))
                throw new InvalidDataException($"{TrainingRunStore.ModelBlob(request.RunId)} predicts {model.Schema}, or other names; the run's {request.Schema} are expected.");
            return model;
        }
        catch (InvalidDataException e)
        {
            model?.Dispose();
            throw NotPublished(request, e);
        }
    }

    private static EvaluationResult MeasureCandidate(
        TrainingRequest request,
        KeypointModel model,
        KeypointModel? champion,
        List<PreparedDataset> datasets,
        PlannedRow[] test,
        List<RowError> errors,
        CancellationToken cancellationToken)
    {
        try
        {
            if (test.Length > 0)
                return ModelEvaluator.Evaluate(model, datasets, test, Compared(model, champion), errors, cancellationToken);
            IEnumerable<PlannedRow> some = Enumerable.Range(0, Math.Min(datasets[0].Rows, RowsWithoutTest)).Select(row => new PlannedRow(0, row, row));
            return ModelEvaluator.Evaluate(model, datasets, some, compared: null, errors: null, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw NotPublished(request, e);
        }
    }

    private static (double? Rmse, string? Fault) MeasureChampion(
        Champion champion,
        KeypointModel candidate,
        List<PreparedDataset> datasets,
        PlannedRow[] test,
        List<RowError> errors,
        CancellationToken cancellationToken)
    {
        if (champion.Model is null || test.Length == 0)
            return (null, champion.Fault);
        try
        {
            ModelEvaluator.Evaluate(champion.Model, datasets, test, Compared(champion.Model, candidate), errors, cancellationToken);
            return (RowError.Rmse(errors), null);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Two models are compared over the keypoints that both predict.</summary>
    private static IReadOnlyList<bool>? Compared(KeypointModel model, KeypointModel? other) => other is null
        ? null
        : [.. KeypointMatch.Between(model.Schema, other.Schema).ToTarget
            .Select(k => k >= 0 && !other.Metadata.Gaps.Unlabelled.Contains(other.Schema.Names[k], StringComparer.Ordinal))];

    private static PermanentStepException NotPublished(TrainingRequest request, InvalidDataException e) =>
        new($"The model of run '{request.RunId}' is not published: {e.Message}", e);

    /// <param name="Version">Its version, or null if there is no champion.</param>
    /// <param name="Model">The model, or null if it cannot be compared or used.</param>
    /// <param name="Fault">Why it cannot be used, or null.</param>
    private sealed record Champion(string? Version, KeypointModel? Model, string? Fault) : IDisposable
    {
        public void Dispose() => Model?.Dispose();
    }
}
