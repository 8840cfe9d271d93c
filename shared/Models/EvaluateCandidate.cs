using KeypointPipeline.Datasets;
using KeypointPipeline.Inference;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Models;

/// <summary>Measures a run's model and the champion on the same rows: those that every training holds out.</summary>
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

            EvaluationResult candidate = Measure(candidatePath, datasets, cancellationToken);
            ChampionPointer? champion = await models.GetChampionAsync(cancellationToken);
            double? championRmse = null;
            if (champion is not null
                && await models.FindAsync(champion.Version, cancellationToken) is { } manifest
                && manifest.Schema.Equals(request.Schema))
            {
                string championPath = folder.File("champion.onnx");
                await models.DownloadAsync(champion.Version, championPath, cancellationToken);
                championRmse = Measure(championPath, datasets, cancellationToken).Rmse;
            }

            return new ModelComparison(candidate.Images, candidate.Rmse, candidate.Nme, champion?.Version, championRmse);
        }
        finally
        {
            datasets.ForEach(d => d.Dispose());
        }
    }

    private static EvaluationResult Measure(string path, List<PreparedDataset> datasets, CancellationToken cancellationToken)
    {
        using KeypointModel model = KeypointModel.Open(path);
        return ModelEvaluator.Evaluate(model, datasets, DatasetSplit.IsValidation, cancellationToken);
    }
}
