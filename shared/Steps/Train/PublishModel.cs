using KeypointPipeline.Errors;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.Steps.Train;

/// <summary>Publishes the model of a completed run. The version's name is made of the time and the model's hash.</summary>
public sealed class PublishModel(TrainingRunStore runs, RowPlanStore plans, ModelRegistry models, WorkFolder work)
    : Step<PublishModelInput, PublishedModel>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<PublishModelInput, PublishedModel> Ref { get; } = new(nameof(PublishModel), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<PublishedModel> RunAsync(PublishModelInput input, CancellationToken cancellationToken)
    {
        TrainingRequest request = await runs.GetRequestAsync(input.RunId, cancellationToken);
        using TemporaryFolder folder = work.CreateTemporary();
        string path = folder.File(TrainingRunFiles.Model);
        TrainingResult result = await runs.DownloadModelAsync(input.RunId, path, cancellationToken);

        string version = $"{input.TrainedAt.UtcDateTime:yyyyMMdd-HHmmss}-{result.ModelSha256[..8]}";
        var manifest = new ModelManifest(
            version,
            request.Schema,
            request.RunId,
            request.DatasetIds,
            request.DataFingerprint,
            request.Settings,
            result,
            input.Comparison,
            result.ModelSha256,
            result.ModelBytes,
            ProgramVersion.Current,
            input.TrainedAt)
        {
            Rows = request.Rows,
            LearnedFrom = request.LearnedFrom,
            Framing = request.Framing,
        };
        manifest = manifest with { Decision = await PromotionRule.DecideAsync(models, manifest, input.Comparison, cancellationToken) };

        // Later plans keep these rows in training, so the rows come before the manifest, which makes the version visible.
        await plans.CopyToModelAsync(request.RunId, version, cancellationToken);
        await models.PublishAsync(manifest, path, cancellationToken);
        return new PublishedModel(version);
    }
}

/// <summary>The input of <see cref="PublishModel"/>.</summary>
/// <param name="RunId">The run.</param>
/// <param name="TrainedAt">When the workflow saw the training completed, UTC.</param>
/// <param name="Comparison">The comparison with the champion.</param>
public sealed record PublishModelInput(string RunId, DateTimeOffset TrainedAt, ModelComparison Comparison);

/// <summary>The output of <see cref="PublishModel"/>.</summary>
/// <param name="Version">The version's name.</param>
public sealed record PublishedModel(string Version);
