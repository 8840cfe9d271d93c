namespace KeypointPipeline.Api;

/// <summary>A request that cannot be served. Hosts answer with the problem as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="title">What kind of problem it is, the same for each of its kind.</param>
/// <param name="detail">What is wrong this time and what to do next.</param>
public sealed class ApiProblemException(int status, string title, string detail) : Exception(detail)
{
    /// <summary>The answer's body.</summary>
    public ApiProblem Problem { get; } = new(title, status, detail);
}

/// <summary>RFC 9457 members; <c>type</c> is left out, which means <c>about:blank</c>.</summary>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time and what to do next.</param>
public sealed record ApiProblem(string Title, int Status, string Detail)
{
    /// <summary>The body's media type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>The web server itself refuses a request, such as one whose body is too large.</summary>
    public static ApiProblem InvalidRequest(int status, string detail) => new("Invalid request", status, detail);
}
