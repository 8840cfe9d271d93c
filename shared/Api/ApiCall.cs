using KeypointPipeline.Port;

namespace KeypointPipeline.Api;

/// <summary>A request to an endpoint, independent of the host that received it.</summary>
/// <param name="Workflows">Starts workflows. Each call has its own client, because Durable binds a client to each call.</param>
/// <param name="CheckStatus">Gets the addresses of an instance on this host.</param>
/// <param name="Values">The values of the placeholders in the address.</param>
/// <param name="Query">The values after the question mark.</param>
/// <param name="Body">The body. Only endpoints that take a body read it.</param>
public sealed record ApiCall(
    IWorkflowClient Workflows,
    Func<string, CheckStatus> CheckStatus,
    IReadOnlyDictionary<string, string> Values,
    IReadOnlyDictionary<string, string> Query,
    Stream Body)
{
    /// <summary>The token of the page to answer with, from the header <see cref="ContinuationToken.Header"/>; null for the first page.</summary>
    public string? Continuation { get; init; }

    /// <summary>Deserializes the JSON body. An empty body gives all defaults.</summary>
    /// <exception cref="ApiProblemException">400: the body is not JSON, or does not have the members that the endpoint takes.</exception>
    public async Task<T> ReadBodyAsync<T>(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Body);
        return RequestBody.Read<T>(await reader.ReadToEndAsync(cancellationToken));
    }
}
