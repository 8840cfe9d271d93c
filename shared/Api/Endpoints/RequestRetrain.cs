using KeypointPipeline.Errors;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Api.Endpoints;

/// <summary>Starts a retraining. 400: the body cannot be read, or a setting is out of range.</summary>
[ApiEndpoint(RequestRetrain.Method, RequestRetrain.Template)]
public sealed class RequestRetrain(TimeProvider time) : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "retrain";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        RetrainRequest request = await call.ReadBodyAsync<RetrainRequest>(cancellationToken);
        try
        {
            request.Settings?.Validate();
        }
        catch (UserErrorException e)
        {
            throw new ApiProblemException(400, "Invalid training settings", $"{e.Message} Correct it and send the request again.");
        }

        string instanceId = InstanceIds.RequestedRetrain(time.GetUtcNow());
        await call.Workflows.StartAsync(
            Retrain.Ref, new RetrainInput("requested over HTTP", request.Force, request.Settings), instanceId, cancellationToken);
        return ApiAnswer.Accepted(call.CheckStatus(instanceId));
    }
}
