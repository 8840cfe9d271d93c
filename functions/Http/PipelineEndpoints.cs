using KeypointPipeline.Api;
using KeypointPipeline.Functions.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Functions.Http;

/// <summary>The endpoints under <c>/api</c>: <see cref="PipelineApi"/> over HTTP, each with a function key. Durable's own
/// management API, under <c>/runtime/webhooks/durabletask</c>, comes with the host.</summary>
/// <param name="services">Gives <see cref="PipelineApi"/> what it needs.</param>
public sealed class PipelineEndpoints(IServiceProvider services)
{
    /// <summary><c>POST /api/retrain</c>: starts a retraining.</summary>
    [Function("RequestRetrain")]
    public Task<IResult> RetrainAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "retrain")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => AnswerAsync(async () =>
        {
            var body = await ReadAsync<RetrainRequest>(request, cancellationToken);
            return Answer.Accepted(request.HttpContext.Response, client, await Api(client).RetrainAsync(body, cancellationToken));
        });

    /// <summary><c>POST /api/batches/{batch}</c>: starts a batch whose images are uploaded.</summary>
    [Function("RequestBatch")]
    public Task<IResult> StartBatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "batches/{batch}")] HttpRequest request,
        string batch,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => AnswerAsync(async () =>
            Answer.Accepted(request.HttpContext.Response, client, await Api(client).StartBatchAsync(batch, cancellationToken)));

    /// <summary><c>GET /api/models</c>: published versions and the champion.</summary>
    [Function("ListModels")]
    public Task<IResult> ListModelsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => AnswerAsync(async () =>
            Answer.Json(StatusCodes.Status200OK, await Api(client).ListModelsAsync(cancellationToken)));

    /// <summary><c>POST /api/models/{version}/promote</c>: makes a version the champion.</summary>
    [Function("RequestPromotion")]
    public Task<IResult> PromoteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{version}/promote")] HttpRequest request,
        string version,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => AnswerAsync(async () =>
        {
            var body = await ReadAsync<PromoteRequest>(request, cancellationToken);
            return Answer.Json(StatusCodes.Status200OK, await Api(client).PromoteAsync(version, body, cancellationToken));
        });

    /// <summary><c>GET /api/datasets</c>: accepted datasets and refused files.</summary>
    [Function("ListDatasets")]
    public Task<IResult> ListDatasetsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "datasets")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => AnswerAsync(async () =>
            Answer.Json(StatusCodes.Status200OK, await Api(client).ListDatasetsAsync(cancellationToken)));

    /// <summary><c>GET /api/health</c>: whether storage answers.</summary>
    [Function("CheckHealth")]
    public Task<IResult> CheckHealthAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "health")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => AnswerAsync(async () =>
        {
            HealthReport health = await Api(client).CheckHealthAsync(cancellationToken);
            return Answer.Json(health.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, health);
        });

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> serve)
    {
        try
        {
            return await serve();
        }
        catch (ApiProblemException e)
        {
            return Answer.Problem(e.Problem);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        return ApiBody.Read<T>(await reader.ReadToEndAsync(cancellationToken));
    }

    /// <summary>The binding's client is this call's, and so is the API on top of it.</summary>
    private PipelineApi Api(DurableTaskClient client) =>
        ActivatorUtilities.CreateInstance<PipelineApi>(services, new DurableWorkflowClient(client));
}
