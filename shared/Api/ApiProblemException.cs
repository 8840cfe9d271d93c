namespace KeypointPipeline.Api;

/// <summary>Thrown when a request cannot be served. Hosts answer with the problem as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="title">Kind of the problem. The text is the same for each problem of that kind.</param>
/// <param name="detail">What is wrong this time and what to do next.</param>
public sealed class ApiProblemException(int status, string title, string detail) : Exception(detail)
{
    /// <summary>The answer's body.</summary>
    public ApiProblem Problem { get; } = new(title, status, detail);
}

/// <summary>A problem with the members of RFC 9457. Its <c>type</c> is omitted, which means <c>about:blank</c>.</summary>
/// <param name="Title">Kind of the problem.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time and what to do next.</param>
public sealed record ApiProblem(string Title, int Status, string Detail)
{
    /// <summary>The body's media type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Creates the problem of a request that the web server itself refuses, for example because its body is too large.</summary>
    public static ApiProblem InvalidRequest(int status, string detail) => new("Invalid request", status, detail);
}
