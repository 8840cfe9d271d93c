using KeypointPipeline.Datasets;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Evaluates a run's model and the champion on the same rows: the validation rows that every training holds out.</summary>
public sealed class EvaluateCandidate(TrainingRunStore runs, PreparedDatasetStore store, ModelRegistry models, WorkFolder work)
    : Step<string, ModelComparison>
{
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

            EvaluationResult candidate = await MeasureCandidateAsync(request, candidatePath, datasets, cancellationToken);
            ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
            (double? championRmse, string? fault) = champion is null
                ? (null, null)
                : await MeasureChampionAsync(champion.Version, request.Schema, folder.File("champion.onnx"), datasets, cancellationToken);
            return new ModelComparison(candidate.Images, candidate.Rmse, candidate.Nme, champion?.Version, championRmse, fault);
        }
        finally
        {
            datasets.ForEach(d => d.Dispose());
        }
    }

    /// <summary>A model that cannot be evaluated is never published.</summary>
    private static async Task<EvaluationResult> MeasureCandidateAsync(
        TrainingRequest request, string path, List<PreparedDataset> datasets, CancellationToken cancellationToken)
    {
        try
        {
            using KeypointModel model = KeypointModel.Open(
                await File.ReadAllBytesAsync(path, cancellationToken), TrainingRunStore.ModelBlob(request.RunId));
            if (!model.Schema.Equals(request.Schema))
                throw new InvalidDataException($"{TrainingRunStore.ModelBlob(request.RunId)} predicts {model.Schema}, or other names; the run's {request.Schema} are expected.");
            EvaluationResult result = ModelEvaluator.Evaluate(model, datasets, DatasetSplit.IsValidation, cancellationToken);
            // A small dataset may have no validation rows. Any rows show whether the model predicts finite values.
            if (result.Images == 0)
                ModelEvaluator.Evaluate(model, datasets, includesSplitKey: null, cancellationToken);
            return result;
        }
        catch (InvalidDataException e)
        {
            throw new PermanentStepException($"The model of run '{request.RunId}' is not published: {e.Message}", e);
        }
    }

    /// <summary>An unusable champion must not prevent publishing new models; a person then decides which to promote.</summary>
    private async Task<(double? Rmse, string? Fault)> MeasureChampionAsync(
        string version, KeypointSchema schema, string path, List<PreparedDataset> datasets, CancellationToken cancellationToken)
    {
        if (await models.FindAsync(version, cancellationToken) is not ModelManifest manifest || !manifest.Schema.Equals(schema))
            return (null, null);
        try
        {
            await models.DownloadAsync(version, path, cancellationToken);
            using KeypointModel model = KeypointModel.Open(path);
            return (ModelEvaluator.Evaluate(model, datasets, DatasetSplit.IsValidation, cancellationToken).Rmse, null);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
    }
}
