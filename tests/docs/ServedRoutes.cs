using KeypointPipeline.Local.Http;
using KeypointPipeline.Port;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Docs.Tests;

/// <summary>The routes that the local host maps.</summary>
internal static class ServedRoutes
{
    /// <summary>Each method and pattern.</summary>
    public static IReadOnlyList<ServedRoute> All { get; } = Map();

    private static List<ServedRoute> Map()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();

        // Never created. Mapping asks what is registered, because a handler's other parameters come from the request.
        builder.Services.AddSingleton<IWorkflowClient>(_ => throw new NotSupportedException());
        WebApplication app = builder.Build();
        app.MapPipeline();
        app.MapManagement();
        return
        [
            .. from source in ((IEndpointRouteBuilder)app).DataSources
               from endpoint in source.Endpoints.OfType<RouteEndpoint>()
               from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
               where !HttpMethods.IsHead(method) // its row is that of GET
               select new ServedRoute(method.ToUpperInvariant(), $"/{endpoint.RoutePattern.RawText!.Trim('/')}"),
        ];
    }
}

/// <summary>A route.</summary>
/// <param name="Method">Its HTTP method.</param>
/// <param name="Pattern">Its path, with parameters in braces.</param>
internal sealed record ServedRoute(string Method, string Pattern)
{
    /// <summary>Whether the route serves a request.</summary>
    public bool Serves(string method, string path)
    {
        string[] expected = Pattern.Split('/');
        string[] actual = path.Split('/');
        bool takesRest = expected[^1].StartsWith("{*", StringComparison.Ordinal) && actual.Length >= expected.Length;
        return method == Method && (takesRest || expected.Length == actual.Length)
            && expected.Zip(actual).All(segment => segment.First == segment.Second || (segment.First.StartsWith('{') && segment.Second.Length > 0));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Pattern}";
}
