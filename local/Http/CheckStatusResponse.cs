using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>The check-status response with this host's addresses.</summary>
/// <param name="systemKey">Stands in the addresses, where they need a key.</param>
internal sealed class CheckStatusResponse(string? systemKey)
{
    /// <summary>The whole response: 202, <c>Location</c>, <c>Retry-After</c>, body.</summary>
    public IResult Accepted(HttpContext http, string instanceId)
    {
        HttpRequest request = http.Request;
        string instance = $"{request.Scheme}://{request.Host}{ManagementEndpoints.Root}/{Uri.EscapeDataString(instanceId)}";
        string query = systemKey is null ? "" : $"?{KeyGuard.Query}={systemKey}";
        string andKey = systemKey is null ? "" : $"&{KeyGuard.Query}={systemKey}";
        http.Response.Headers.RetryAfter = CheckStatus.RetryAfter.TotalSeconds.ToString("0");
        http.Response.Headers.Location = instance + query;
        return Answer.Json(StatusCodes.Status202Accepted, new CheckStatus(
            instanceId,
            instance + query,
            $"{instance}/raiseEvent/{{eventName}}{query}",
            $"{instance}/terminate?reason={{text}}{andKey}",
            instance + query));
    }
}
