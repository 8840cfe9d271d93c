using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Instances;
using KeypointPipeline.Port;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;

namespace KeypointPipeline.Local.Http;

/// <summary>Serves Durable Functions' instance management API over the embedded engine. The API is documented at
/// https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api. In Azure the Durable extension itself serves
/// these routes.</summary>
internal static class ManagementEndpoints
{
    private const int PurgePage = 1000;

    /// <summary>Seconds to wait before the next request. Durable sends five, so that no client polls in a tight loop.</summary>
    private const string RetryAfter = "5";

    /// <summary>Maps the routes.</summary>
    public static void MapManagement(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder instances = routes.MapGroup(ManagementRoutes.Instances);
        instances.MapGet("", ListAsync);
        instances.MapDelete("", PurgeManyAsync);
        instances.MapGet("{id}", GetAsync);
        instances.MapDelete("{id}", PurgeAsync);
        instances.MapPost("{id}/terminate", TerminateAsync);
        instances.MapPost("{id}/raiseEvent/{name}", RaiseEventAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        bool showInput = InstanceQuery.ReadFlag(http.Request.Query, "showInput", otherwise: true);
        InstancePage page = await InstancePage.ReadAsync(
            workflows, InstanceQuery.Read(http.Request.Query), http.Request.Headers[ContinuationToken.Header], cancellationToken);
        if (page.Continuation is not null)
            http.Response.Headers[ContinuationToken.Header] = page.Continuation;
        return Answer.Json(StatusCodes.Status200OK, page.Instances.Select(status => InstanceBody.From(status, showInput)).ToArray());
    }

    private static async Task<IResult> GetAsync(
        string id, HttpContext http, IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        bool showInput = InstanceQuery.ReadFlag(http.Request.Query, "showInput", otherwise: true);
        bool failureIsError = InstanceQuery.ReadFlag(http.Request.Query, "returnInternalServerErrorOnFailure", otherwise: false);
        WorkflowStatus status = await RequireAsync(workflows, id, cancellationToken);
        if (!status.HasEnded)
        {
            http.Response.Headers.Location = http.Request.GetEncodedUrl();
            http.Response.Headers.RetryAfter = RetryAfter;
            return Answer.Json(StatusCodes.Status202Accepted, InstanceBody.From(status, showInput));
        }

        bool isError = failureIsError && status.RuntimeStatus == WorkflowRuntimeStatus.Failed;
        return Answer.Json(
            isError ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK, InstanceBody.From(status, showInput));
    }

    private static async Task<IResult> TerminateAsync(
        string id, string? reason, IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        await RequireRunningAsync(workflows, id, cancellationToken);
        return await workflows.TerminateAsync(id, reason, cancellationToken)
            ? TypedResults.StatusCode(StatusCodes.Status202Accepted)
            : throw Gone(id);
    }

    private static async Task<IResult> RaiseEventAsync(
        string id, string name, HttpRequest request, IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        await RequireRunningAsync(workflows, id, cancellationToken);
        string data = await ReadEventAsync(request, cancellationToken);
        return await workflows.RaiseEventAsync(id, name, data, cancellationToken)
            ? TypedResults.StatusCode(StatusCodes.Status202Accepted)
            : throw Gone(id);
    }

    private static async Task<IResult> PurgeAsync(string id, IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        await RequireAsync(workflows, id, cancellationToken);
        return Answer.Json(StatusCodes.Status200OK, new PurgeBody(await workflows.PurgeAsync(id, cancellationToken)));
    }

    private static async Task<IResult> PurgeManyAsync(HttpRequest request, IWorkflowClient workflows, CancellationToken cancellationToken)
    {
        WorkflowQuery query = InstanceQuery.Read(request.Query);
        if (query.CreatedFrom is null)
        {
            throw new ApiProblemException(
                400,
                "Invalid query",
                "createdTimeFrom is missing. Give the earliest creation time of the instances to purge, such as createdTimeFrom=2026-01-01.");
        }

        int deleted = 0;
        string? continuation = null;
        var ended = new List<string>();
        do
        {
            InstancePage page = await InstancePage.ReadAsync(workflows, query with { Top = PurgePage }, continuation, cancellationToken);
            ended.AddRange(page.Instances.Where(status => status.HasEnded).Select(status => status.InstanceId));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        foreach (string id in ended)
            deleted += await workflows.PurgeAsync(id, cancellationToken);
        return deleted > 0
            ? Answer.Json(StatusCodes.Status200OK, new PurgeBody(deleted))
            : throw new ApiProblemException(
                404, "Nothing to purge", "No ended instance matches. Send GET to the same address to list the instances that match.");
    }

    private static async Task<string> ReadEventAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
            throw new ApiProblemException(400, "Invalid event", "Send the event's data as JSON with Content-Type: application/json.");
        using var reader = new StreamReader(request.Body);
        using JsonDocument data = RequestBody.Parse(await reader.ReadToEndAsync(cancellationToken));
        return data.RootElement.GetRawText();
    }

    private static async Task<WorkflowStatus> RequireAsync(IWorkflowClient workflows, string id, CancellationToken cancellationToken) =>
        await workflows.GetAsync(id, cancellationToken)
        ?? throw new ApiProblemException(404, "No such instance", $"There is no instance '{id}'; GET {ManagementRoutes.Instances} lists them.");

    private static async Task RequireRunningAsync(IWorkflowClient workflows, string id, CancellationToken cancellationToken)
    {
        if ((await RequireAsync(workflows, id, cancellationToken)).HasEnded)
            throw Gone(id);
    }

    private static ApiProblemException Gone(string id) =>
        new(410, "Instance has ended", $"Instance '{id}' has ended and accepts no more requests; GET {ManagementRoutes.Instance(id)} shows its outcome.");

    /// <summary>Body of the answer to a purge, as Durable writes it.</summary>
    private sealed record PurgeBody(int InstancesDeleted);
}
