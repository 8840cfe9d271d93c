using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Durable Functions' check-status response: where to ask about, signal, end and purge an instance.
/// <c>{eventName}</c> and <c>{text}</c> are for the client to fill in.</summary>
internal sealed record CheckStatusBody(
    string Id, string StatusQueryGetUri, string SendEventPostUri, string TerminatePostUri, string PurgeHistoryDeleteUri)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>The whole response: 202, <c>Location</c>, <c>Retry-After</c>, body.</summary>
    public static IResult Accepted(HttpContext http, string instanceId)
    {
        HttpRequest request = http.Request;
        string instance = $"{request.Scheme}://{request.Host}{ManagementEndpoints.Root}/{Uri.EscapeDataString(instanceId)}";
        http.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString("0");
        http.Response.Headers.Location = instance;
        return Answer.Json(StatusCodes.Status202Accepted, new CheckStatusBody(
            instanceId,
            instance,
            $"{instance}/raiseEvent/{{eventName}}",
            $"{instance}/terminate?reason={{text}}",
            instance));
    }
}
