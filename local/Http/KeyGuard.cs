using KeypointPipeline.Api;
using KeypointPipeline.Local.Machine;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Asks every request for a key, as the Functions host does: header <c>x-functions-key</c>, or <c>code</c> in the query. For
/// hosts that other machines reach. Web pages of others do not have the key.</summary>
/// <param name="keys">The keys.</param>
internal sealed class KeyGuard(HttpKeys keys)
{
    /// <summary>The header that takes a key.</summary>
    public const string Header = "x-functions-key";

    /// <summary>The part of the query that takes a key.</summary>
    public const string Query = "code";

    /// <summary>Middleware that answers 401 to requests without the right key.</summary>
    public Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        string? key = http.Request.Headers.TryGetValue(Header, out var header) ? header : http.Request.Query[Query];
        if (!string.IsNullOrEmpty(key) && keys.Open(key, http.Request.Path.StartsWithSegments(ManagementRoutes.Instances)))
            return next(http);
        http.Response.Headers.WWWAuthenticate = "FunctionsKey";
        throw new ApiProblemException(
            401,
            string.IsNullOrEmpty(key) ? "Key missing" : "Wrong key",
            $"Send the key in the header {Header} or as ?{Query}=KEY. It is in the file {LocalHostFiles.HttpKeyName} of the host's data folder; `keypoints up` names it.");
    }
}
