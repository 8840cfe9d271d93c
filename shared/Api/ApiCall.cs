using System.Globalization;
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
    /// <summary>Query value with the most entries of a page.</summary>
    public const string Top = "top";

    /// <summary>The token of the page to answer with, from the header <see cref="ContinuationToken.Header"/>; null for the first page.</summary>
    public string? Continuation { get; init; }

    /// <summary>The header <c>If-None-Match</c>: ETags of copies that the client has; null if it has none.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Gets whether the client has a copy with an ETag.</summary>
    /// <param name="etag">A strong ETag, in quotes.</param>
    public bool Knows(string etag) => IfNoneMatch?.Split(',', StringSplitOptions.TrimEntries).Contains(etag, StringComparer.Ordinal) == true;

    /// <summary>Reads a whole number from the query.</summary>
    /// <param name="name">The number's name.</param>
    /// <param name="otherwise">The number if it is missing.</param>
    /// <param name="least">The smallest allowed number.</param>
    /// <param name="most">The largest allowed number.</param>
    /// <exception cref="ApiProblemException">400: it is out of range or no number.</exception>
    internal int ReadNumber(string name, int otherwise, int least, int most) => Query.GetValueOrDefault(name) switch
    {
        null => otherwise,
        string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most => number,
        string text => throw new ApiProblemException(400, "Invalid query", $"{name}={text}: expected a number from {least} to {most}."),
    };

    /// <summary>Deserializes the JSON body. An empty body gives all defaults.</summary>
    /// <exception cref="ApiProblemException">400: the body is not JSON, or does not have the members that the endpoint takes.</exception>
    public async Task<T> ReadBodyAsync<T>(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Body);
        return RequestBody.Read<T>(await reader.ReadToEndAsync(cancellationToken));
    }
}
