namespace KeypointPipeline.Api.Endpoints;

/// <summary>Stops the prediction of a batch. Its pictures and the results that are complete stay. 400: the name is not a valid batch name.
/// 409: nothing predicts the batch.</summary>
[ApiEndpoint(CancelBatch.Method, CancelBatch.Template)]
public sealed class CancelBatch : IApiEndpoint
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>. The placeholder is the batch's name.</summary>
    public const string Template = "batches/{batch}/cancel";

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        string batch = BatchResults.RequireName(call.Values["batch"]);
        IReadOnlyList<string> stopped = await RemoveBatch.StopAsync(call.Workflows, batch, $"batch {batch} was cancelled", cancellationToken);
        return stopped.Count > 0
            ? ApiAnswer.Ok(new BatchCancellation(batch, stopped))
            : throw new ApiProblemException(
                409, "Nothing to cancel", $"Nothing predicts batch '{batch}' now. GET {ApiRoute.Of<ShowBatch>().Path(batch)} shows how its prediction ended.");
    }
}
