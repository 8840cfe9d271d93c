using System.Net;
using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Keeps web pages out of a host that needs no key. The host listens on loopback only, but a browser on this machine runs other
/// people's pages. A page may point a name of its own at 127.0.0.1, which the Host header shows. It may also post across origins, which
/// the Origin header shows.</summary>
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
                403, "Local requests only", "This host serves only programs on its own machine. Address it as http://localhost or http://127.0.0.1.");
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
