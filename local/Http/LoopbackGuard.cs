using System.Net;
using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Keeps web pages out of a host that asks for no key. It listens on loopback only, but a browser on this machine runs other people's pages:
/// they may point a name of theirs at 127.0.0.1 (the Host header tells) or post across origins (the Origin header tells).</summary>
internal static class LoopbackGuard
{
    /// <summary>Middleware that answers 403 to such requests.</summary>
    public static Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        string? origin = http.Request.Headers.Origin;
        bool local = IsLoopback(http.Request.Host.Host)
            && (string.IsNullOrEmpty(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && IsLoopback(page.Host)));
        return local
            ? next(http)
            : throw new ApiProblemException(
                403, "Local requests only", "This host serves programs on its own machine: address it as http://localhost or http://127.0.0.1.");
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
