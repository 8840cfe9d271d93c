using KeypointPipeline.Api.Instances;
using KeypointPipeline.Api.Trainings;
using KeypointPipeline.Port;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Endpoints.Trainings;

/// <summary>Lists trainings, newest first, a page at a time. 400: the number or the token is invalid.</summary>
[ApiEndpoint(ListTrainings.Method, ListTrainings.Template)]
public sealed class ListTrainings : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "get";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "trainings";

    private const int DefaultPage = 50;
    private const int LongestPage = 200;

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        int top = call.ReadNumber(ApiCall.Top, DefaultPage, 1, LongestPage);
        InstancePage page = await InstancePage.ReadAsync(
            call.Workflows, new WorkflowQuery(Name: TrainModel.Ref.Name, Top: top), call.Continuation, cancellationToken);
        return ApiAnswer.Page(new TrainingList([.. page.Instances.Select(TrainingDescription.Of)]), page.Continuation);
    }
}
