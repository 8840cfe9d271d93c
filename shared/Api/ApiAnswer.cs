using System.Collections.ObjectModel;

namespace KeypointPipeline.Api;

/// <summary>An answer, as any host sends it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Written as JSON, in the pipeline's one dialect.</param>
/// <param name="ContentType">The body's media type.</param>
public sealed record ApiAnswer(int Status, object Body, string ContentType = "application/json; charset=utf-8")
{
    /// <summary>Headers besides the content's own.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>200 with a body.</summary>
    public static ApiAnswer Ok(object body) => new(200, body);

    /// <summary>Durable Functions' check-status response: 202, <c>Location</c>, <c>Retry-After</c> and the body.</summary>
    public static ApiAnswer Accepted(CheckStatus instance) => new(202, instance)
    {
        Headers = new Dictionary<string, string>
        {
            ["Location"] = instance.StatusQueryGetUri,
            ["Retry-After"] = $"{CheckStatus.RetryAfter.TotalSeconds:0}",
        },
    };

    /// <summary>A problem, as RFC 9457 describes it.</summary>
    public static ApiAnswer Problem(ApiProblem problem) => new(problem.Status, problem, ApiProblem.ContentType);
}
