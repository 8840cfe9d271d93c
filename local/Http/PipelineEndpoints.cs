using KeypointPipeline.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KeypointPipeline.Local.Http;

/// <summary>The endpoints under <c>/api</c>: <see cref="PipelineApi"/> over HTTP.</summary>
internal static class PipelineEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapPipeline(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api");
        api.MapPost("retrain", async (
            HttpContext http, PipelineApi pipeline, CheckStatusResponse response, CancellationToken cancellationToken) =>
        {
            var request = await ReadAsync<RetrainRequest>(http.Request, cancellationToken);
            return response.Accepted(http, await pipeline.RetrainAsync(request, cancellationToken));
        });
        api.MapPost("batches/{batch}", async (
            string batch, HttpContext http, PipelineApi pipeline, CheckStatusResponse response, CancellationToken cancellationToken) =>
            response.Accepted(http, await pipeline.StartBatchAsync(batch, cancellationToken)));
        api.MapGet("models", async (PipelineApi pipeline, CancellationToken cancellationToken) =>
            Answer.Json(StatusCodes.Status200OK, await pipeline.ListModelsAsync(cancellationToken)));
        api.MapPost("models/{version}/promote", async (
            string version, HttpRequest http, PipelineApi pipeline, CancellationToken cancellationToken) =>
        {
            var request = await ReadAsync<PromoteRequest>(http, cancellationToken);
            return Answer.Json(StatusCodes.Status200OK, await pipeline.PromoteAsync(version, request, cancellationToken));
        });
        api.MapGet("datasets", async (PipelineApi pipeline, CancellationToken cancellationToken) =>
            Answer.Json(StatusCodes.Status200OK, await pipeline.ListDatasetsAsync(cancellationToken)));
        api.MapGet("health", async (PipelineApi pipeline, CancellationToken cancellationToken) =>
        {
            HealthReport health = await pipeline.CheckHealthAsync(cancellationToken);
            return Answer.Json(health.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, health);
        });
    }

    /// <summary>Any other address.</summary>
    public static IResult NotFound(HttpRequest request) =>
        throw new ApiProblemException(
            404, "No such address", $"{request.Method} {request.Path} is none of this host's addresses; start with GET /api/health or GET {ManagementEndpoints.Root}.");

    private static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        return ApiBody.Read<T>(await reader.ReadToEndAsync(cancellationToken));
    }
}
