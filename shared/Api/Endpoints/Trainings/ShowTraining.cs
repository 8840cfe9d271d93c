using KeypointPipeline.Api.Trainings;
using KeypointPipeline.Port;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Endpoints.Trainings;

/// <summary>Gives a training with its settings, heartbeat, learning curve and restarts. 404: there is no such training.</summary>
[ApiEndpoint(ShowTraining.Method, ShowTraining.Template)]
public sealed class ShowTraining(TrainingRunStore runs) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the training's id.</summary>
    public const string Template = "trainings/{runId}";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string runId = RequireId(call);
        WorkflowStatus? instance = await FindInstanceAsync(call, runId, cancellationToken);
        TrainingRequest? request = await runs.FindRequestAsync(runId, cancellationToken);
        if (instance is null && request is null)
            throw Missing(runId);
        IReadOnlyList<EpochMetrics> epochs = await runs.ListMetricsAsync(runId, cancellationToken);
        return ApiAnswer.Ok(new TrainingDetail(
            runId,
            instance is null ? null : TrainingDescription.Of(instance),
            request,
            await runs.FindStatusAsync(runId, cancellationToken),
            await runs.FindResultAsync(runId, cancellationToken),
            epochs,
            epochs.Where(epoch => epoch.ValidationRmse is not null).MinBy(epoch => epoch.ValidationRmse)?.Epoch,
            await runs.ListEndsAsync(runId, cancellationToken)));
    }

    /// <summary>Reads the training's id from the address.</summary>
    internal static string RequireId(ApiCall call) => call.Values["runId"] is string id && TrainingRunStore.IsId(id)
        ? id
        : throw Missing(call.Values["runId"]);

    /// <summary>Gets whether a training was asked for or planned.</summary>
    internal static async Task<bool> ExistsAsync(TrainingRunStore runs, ApiCall call, string runId, CancellationToken cancellationToken) =>
        await FindInstanceAsync(call, runId, cancellationToken) is not null || await runs.FindRequestAsync(runId, cancellationToken) is not null;

    private static async Task<WorkflowStatus?> FindInstanceAsync(ApiCall call, string runId, CancellationToken cancellationToken) =>
        await call.Workflows.GetAsync(runId, cancellationToken) is { } found && found.Name == TrainModel.Ref.Name ? found : null;

    /// <summary>The problem of an id that no training has.</summary>
    internal static ApiProblemException Missing(string runId) =>
        new(404, "No such training", $"There is no training '{runId}'. {ApiRoute.Of<ListTrainings>()} lists the trainings.");
}
