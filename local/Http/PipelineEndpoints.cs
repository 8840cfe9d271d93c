using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Port;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Local.Http;

/// <summary>Serves every <see cref="IApiEndpoint"/> over HTTP.</summary>
internal static class PipelineEndpoints
{
    /// <summary>Maps the table of endpoints.</summary>
    public static void MapPipeline(this IEndpointRouteBuilder routes)
    {
        foreach (ApiRoute route in ApiRoute.All)
            routes.MapMethods(route.Pattern, route.Methods, http => AnswerAsync(http, route));
    }

    /// <summary>Answers the shortest address, which people type, with the page.</summary>
    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        var page = ApiRoute.Of<ReadPage>();
        routes.MapMethods("/", page.Methods, http => AnswerAsync(http, page));
    }

    /// <summary>Answers any other address with a problem.</summary>
    /// <exception cref="ApiProblemException">404, always.</exception>
    public static IResult NotFound(HttpRequest request) =>
        throw new ApiProblemException(
            404,
            "No such address",
            $"{request.Method} {request.Path} is not an address of this host. Start with {ApiRoute.Of<CheckHealth>()} or GET {ManagementRoutes.Instances}.");

    private static async Task AnswerAsync(HttpContext http, ApiRoute route)
    {
        IServiceProvider services = http.RequestServices;
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = route.LargestBody;
        var endpoint = (IApiEndpoint)services.GetRequiredService(route.Endpoint);
        var call = new ApiCall(
            services.GetRequiredService<IWorkflowClient>(),
            instanceId => services.GetRequiredService<InstanceAddresses>().Of(http.Request, instanceId),
            http.Request.RouteValues.ToDictionary(value => value.Key, value => $"{value.Value}"),
            http.Request.Query.ToDictionary(value => value.Key, value => $"{value.Value}"),
            http.Request.Body)
        {
            Continuation = http.Request.Headers[ContinuationToken.Header],
            IfNoneMatch = http.Request.Headers.IfNoneMatch,
        };
        await Answer.SendAsync(http, await endpoint.AnswerAsync(call, http.RequestAborted));
    }
}
