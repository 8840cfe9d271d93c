using KeypointPipeline.Api.Removal;
using KeypointPipeline.Api.Trainings;

namespace KeypointPipeline.Api.Endpoints.Trainings;

/// <summary>Stops a training and its trainer. The champion stays. 404: there is no such training. 409: it has ended.</summary>
[ApiEndpoint(StopTraining.Method, StopTraining.Template)]
public sealed class StopTraining(TrainingStop stop) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the training's id.</summary>
    public const string Template = "trainings/{runId}/stop";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string runId = ShowTraining.RequireId(call);
        if (await call.Workflows.GetAsync(runId, cancellationToken) is not { } instance || instance.Name != Workflows.TrainModel.Ref.Name)
            throw ShowTraining.Missing(runId);
        return await stop.StopRunAsync(call.Workflows, runId, "stopped by a person", cancellationToken)
            ? ApiAnswer.Ok(new StoppedTraining(runId))
            : throw new ApiProblemException(409, "Training has ended", $"Training '{runId}' has ended. {ApiRoute.Of<ShowTraining>()} shows how.");
    }
}
