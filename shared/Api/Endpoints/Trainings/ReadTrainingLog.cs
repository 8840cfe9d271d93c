using KeypointPipeline.Api.Trainings;
using KeypointPipeline.Training;

namespace KeypointPipeline.Api.Endpoints.Trainings;

/// <summary>Gives the newest lines of the log of a training's trainer. 404: there is no such training.</summary>
[ApiEndpoint(ReadTrainingLog.Method, ReadTrainingLog.Template)]
public sealed class ReadTrainingLog(TrainingRunStore runs) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the training's id.</summary>
    public const string Template = "trainings/{runId}/log";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string runId = ShowTraining.RequireId(call);
        IReadOnlyList<string> lines = await runs.ListLogAsync(runId, cancellationToken);
        return lines.Count > 0 || await ShowTraining.ExistsAsync(runs, call, runId, cancellationToken)
            ? ApiAnswer.Ok(new TrainingLog(runId, lines))
            : throw ShowTraining.Missing(runId);
    }
}
