using KeypointPipeline.Api.Charts;
using KeypointPipeline.Plots;
using KeypointPipeline.Training;

namespace KeypointPipeline.Api.Endpoints.Trainings;

/// <summary>Draws the learning curve of a training as SVG, also while it runs. <c>theme=dark</c> gives it for a dark page. 400: the theme is
/// invalid. 404: the training has fewer than two epochs, or there is no such training.</summary>
[ApiEndpoint(ReadCurve.Method, ReadCurve.Template)]
public sealed class ReadCurve(TrainingRunStore runs) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the training's id.</summary>
    public const string Template = "trainings/{runId}/curve.svg";

    private const int FewestEpochs = 2;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        PlotTheme theme = ChartAnswer.ReadTheme(call);
        string runId = ShowTraining.RequireId(call);
        IReadOnlyList<EpochMetrics> epochs = await runs.ListMetricsAsync(runId, cancellationToken);
        return epochs.Count >= FewestEpochs
            ? ChartAnswer.Of(TrainingCurve.Of(epochs), theme)
            : throw new ApiProblemException(
                404, "No learning curve", $"Training '{runId}' has {epochs.Count} epochs in storage. A curve needs {FewestEpochs}. {ApiRoute.Of<ListTrainings>()} lists the trainings.");
    }
}
