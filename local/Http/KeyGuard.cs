using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Local.Machine;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Requires a key for every request except for the page's files, as the Functions host does: in the header
/// <c>x-functions-key</c>, or as <c>code</c> in the query. Protects a host that other machines can reach. Web pages of other people do not have the key.</summary>
/// <param name="keys">The host's keys.</param>
internal sealed class KeyGuard(HttpKeys keys)
{
    /// <summary>Header that contains the key.</summary>
    public const string Header = "x-functions-key";

    /// <summary>Query parameter that contains the key.</summary>
    public const string Query = "code";

    private static readonly PathString PagePath = ApiRoute.Of<ReadPage>().Path("").TrimEnd('/');

    /// <summary>Middleware that answers 401 to requests without a valid key.</summary>
    public Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        if (IsPage(http.Request))
            return next(http);
        string? key = http.Request.Headers.TryGetValue(Header, out var header) ? header : http.Request.Query[Query];
        if (!string.IsNullOrEmpty(key) && keys.Open(key, http.Request.Path.StartsWithSegments(ManagementRoutes.Instances)))
            return next(http);
        http.Response.Headers.WWWAuthenticate = "FunctionsKey";
        throw new ApiProblemException(
            401,
            string.IsNullOrEmpty(key) ? "Key missing" : "Wrong key",
            $"Send the key in the header {Header} or as ?{Query}=KEY. "
            + $"The key is in the file {LocalHostFiles.HttpKeyName} of the host's data folder; `keypoints up` prints its path.");
    }

    /// <summary>The files of the page hold no data, and the page asks for the key.</summary>
    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && (request.Path == "/" || request.Path.StartsWithSegments(PagePath));
}
