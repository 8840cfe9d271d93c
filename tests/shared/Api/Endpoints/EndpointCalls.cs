using System.Text;
using KeypointPipeline.Api;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Calls an endpoint as a host does, without HTTP.</summary>
internal static class EndpointCalls
{
    /// <summary>Calls it with the value of its address's placeholder and a body.</summary>
    public static Task<ApiAnswer> CallAsync(
        this IApiEndpoint endpoint, string value, object body, StartRecorder workflows, CancellationToken cancellationToken)
    {
        string template = ApiRoute.All.Single(route => route.Endpoint == endpoint.GetType()).Template;
        var values = new Dictionary<string, string>();
        if (template.Split('{', '}') is [_, string name, ..])
            values[name] = value;
        var stream = new MemoryStream(Encoding.UTF8.GetBytes(body as string ?? PipelineJson.Write(body)));
        return endpoint.AnswerAsync(new ApiCall(workflows, Addresses, values, new Dictionary<string, string>(), stream), cancellationToken);
    }

    /// <summary>Calls an endpoint with values for the placeholders of its address, in order.</summary>
    public static Task<ApiAnswer> CallAsync(this IApiEndpoint endpoint, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        ApiRoute route = ApiRoute.All.Single(route => route.Endpoint == endpoint.GetType());
        var given = route.Placeholders.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
        return endpoint.AnswerAsync(new ApiCall(new StartRecorder(), Addresses, given, new Dictionary<string, string>(), Stream.Null), cancellationToken);
    }

    /// <summary>Calls an endpoint that takes nothing.</summary>
    public static Task<ApiAnswer> CallAsync(this IApiEndpoint endpoint, CancellationToken cancellationToken) =>
        endpoint.CallAsync("", "", new StartRecorder(), cancellationToken);

    /// <summary>Calls an endpoint with the values after the question mark of its address, for example
    /// <c>path=a.csv&amp;erase=true</c>, not escaped.</summary>
    public static Task<ApiAnswer> CallAsync(this IApiEndpoint endpoint, string query, StartRecorder workflows, CancellationToken cancellationToken) =>
        endpoint.AnswerAsync(
            new ApiCall(
                workflows,
                Addresses,
                new Dictionary<string, string>(),
                query.Split('&').Select(value => value.Split('=')).ToDictionary(value => value[0], value => value[1]),
                Stream.Null),
            cancellationToken);

    /// <summary>Calls an endpoint with everything that a request has.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="values">Values for the placeholders of its address, in order.</param>
    /// <param name="query">The values after the question mark, not escaped; empty for none.</param>
    /// <param name="body">The body.</param>
    /// <param name="workflows">The host's instances.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <param name="continuation">The token of the wanted page.</param>
    /// <param name="known">ETags of copies that the client has.</param>
    public static Task<ApiAnswer> CallAsync(
        this IApiEndpoint endpoint,
        IReadOnlyList<string> values,
        string query,
        byte[] body,
        StartRecorder workflows,
        CancellationToken cancellationToken,
        string? continuation = null,
        string? known = null)
    {
        ApiRoute route = ApiRoute.All.Single(route => route.Endpoint == endpoint.GetType());
        var call = new ApiCall(
            workflows,
            Addresses,
            route.Placeholders.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second),
            query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(value => value.Split('=')).ToDictionary(value => value[0], value => value[1]),
            new MemoryStream(body));
        return endpoint.AnswerAsync(call with { Continuation = continuation, IfNoneMatch = known }, cancellationToken);
    }

    /// <summary>The id of the instance that an answer says was started.</summary>
    public static string InstanceId(this ApiAnswer answer) => ((CheckStatus)answer.Body).Id;

    private static CheckStatus Addresses(string id) => new(id, $"status of {id}", "event", "terminate", "purge");
}
