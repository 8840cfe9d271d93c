using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>The check-status response with this host's addresses.</summary>
internal static class CheckStatusResponse
{
    /// <summary>The whole response: 202, <c>Location</c>, <c>Retry-After</c>, body.</summary>
    public static IResult Accepted(HttpContext http, string instanceId)
    {
        HttpRequest request = http.Request;
        string instance = $"{request.Scheme}://{request.Host}{ManagementEndpoints.Root}/{Uri.EscapeDataString(instanceId)}";
        http.Response.Headers.RetryAfter = CheckStatus.RetryAfter.TotalSeconds.ToString("0");
        http.Response.Headers.Location = instance;
        return Answer.Json(StatusCodes.Status202Accepted, new CheckStatus(
            instanceId,
            instance,
            $"{instance}/raiseEvent/{{eventName}}",
            $"{instance}/terminate?reason={{text}}",
            instance));
    }
}
