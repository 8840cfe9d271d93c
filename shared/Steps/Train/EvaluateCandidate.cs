using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
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

        try
        {
            StoredRows rows = await OpenRowsAsync(request, cancellationToken);
            RowPlan? plan = await plans.FindOfRunAsync(input, cancellationToken);
            plan?.RequireFor(rows.Datasets);
            PlannedRow[] test = plan is null ? [] : [.. plan.RowsOn(RowSide.Test)];

            using KeypointModel candidate = await OpenCandidateAsync(request, candidatePath, cancellationToken);
            using Champion champion = await OpenChampionAsync(request.Schema, folder.File("champion.onnx"), cancellationToken);
            Measurement measured = await MeasureAsync(request, candidate, champion, rows, test, cancellationToken);
            List<RowError> labelled = measured.Candidate.FindAll(row => row.Coordinates > 0);
            double? championRmse = measured.Champion is null ? null : RowError.Rmse(measured.Champion);
            return new ModelComparison(
                plan?.Count(RowSide.Validation) ?? 0,
                RowError.Rmse(labelled),
                labelled.Count == 0 ? null : measured.Result.Nme,
                champion.Version,
                championRmse,
                measured.Fault,
                labelled.Count,
                labelled.Select(row => row.Component).Distinct().Count(),
                championRmse is null ? null : PairedBootstrap.Compare(measured.Candidate, measured.Champion!),
                test.Length > 0 && measured.Result.LabelledPoints * 2 > labelled.Sum(row => (long)row.Coordinates) ? measured.Result.Rmse : null);
        }
        catch (PermanentStepException e)
        {
            // The same data and settings give the same model, so planning does not repeat the training.
            await runs.RememberFailureAsync(input, e.Message, cancellationToken);
            throw;
        }
    }

    private async Task<StoredRows> OpenRowsAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        var manifests = new List<DatasetManifest>();
        foreach (string datasetId in request.DatasetIds)
            manifests.Add(await store.GetAsync(datasetId, cancellationToken));
        return store.OpenRows(manifests);
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

    /// <summary>Measures both models in one pass, so that each row is read once.</summary>
    private static async Task<Measurement> MeasureAsync(
        TrainingRequest request,
        KeypointModel candidate,
        Champion champion,
        StoredRows rows,
        PlannedRow[] test,
        CancellationToken cancellationToken)
    {
        bool isTested = test.Length > 0;
        var candidateErrors = new List<RowError>();
        var championErrors = new List<RowError>();
        var measuring = new ModelEvaluation(
            candidate, rows.Datasets, isTested ? Compared(candidate, champion.Model) : null, isTested ? candidateErrors : null);
        ModelEvaluation? comparing = isTested && champion.Model is not null
            ? new ModelEvaluation(champion.Model, rows.Datasets, Compared(champion.Model, candidate), championErrors)
            : null;
        string? fault = champion.Fault;
        foreach (PlannedRow row in isTested ? test : SomeRows(rows))
        {
            await rows.LoadAsync(row.Dataset, row.Row, cancellationToken);
            MeasureCandidate(() => measuring.Add(row, cancellationToken));
            MeasureChampion(model => model.Add(row, cancellationToken));
        }

        EvaluationResult? result = null;
        MeasureCandidate(() => result = measuring.Finish(cancellationToken));
        MeasureChampion(model => model.Finish(cancellationToken));
        return new Measurement(result!, candidateErrors, comparing is null ? null : championErrors, fault);

        void MeasureCandidate(Action measure)
        {
            try
            {
                measure();
            }
            catch (InvalidDataException e)
            {
                throw NotPublished(request, e);
            }
        }

        void MeasureChampion(Action<ModelEvaluation> measure)
        {
            try
            {
                if (comparing is not null)
                    measure(comparing);
            }
            catch (InvalidDataException e)
            {
                (comparing, fault) = (null, e.Message);
            }
        }
    }

    private static IEnumerable<PlannedRow> SomeRows(StoredRows rows) =>
        Enumerable.Range(0, Math.Min(rows.Datasets[0].Manifest.Rows, RowsWithoutTest)).Select(row => new PlannedRow(0, row, row));

    /// <summary>Two models are compared over the keypoints that both predict.</summary>
    private static IReadOnlyList<bool>? Compared(KeypointModel model, KeypointModel? other) => other is null
        ? null
        : [.. KeypointMatch.Between(model.Schema, other.Schema).ToTarget
            .Select(k => k >= 0 && !other.Metadata.Gaps.Unlabelled.Contains(other.Schema.Names[k], StringComparer.Ordinal))];

    private static PermanentStepException NotPublished(TrainingRequest request, InvalidDataException e) =>
        new($"The model of run '{request.RunId}' is not published: {e.Message}", e);

    /// <param name="Result">The candidate's figures.</param>
    /// <param name="Candidate">The candidate's errors on the test rows.</param>
    /// <param name="Champion">The champion's errors on the same rows; null if it cannot be compared or used.</param>
    /// <param name="Fault">Why the champion cannot be used, or null.</param>
    private sealed record Measurement(EvaluationResult Result, List<RowError> Candidate, List<RowError>? Champion, string? Fault);

    /// <param name="Version">Its version, or null if there is no champion.</param>
    /// <param name="Model">The model, or null if it cannot be compared or used.</param>
    /// <param name="Fault">Why it cannot be used, or null.</param>
    private sealed record Champion(string? Version, KeypointModel? Model, string? Fault) : IDisposable
    {
        public void Dispose() => Model?.Dispose();
    }
}
