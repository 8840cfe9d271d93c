using System.Collections.ObjectModel;
using KeypointPipeline.Page;

namespace KeypointPipeline.Api;

/// <summary>An answer of an endpoint, independent of the host that sends it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body: an <see cref="ApiFile"/>, or something that is written as JSON with the pipeline's settings.</param>
/// <param name="ContentType">The body's media type.</param>
public sealed record ApiAnswer(int Status, object Body, string ContentType = "application/json; charset=utf-8")
{
    /// <summary>Headers other than those of the content.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Creates an answer with status 200 and a body.</summary>
    public static ApiAnswer Ok(object body) => new(200, body);

    /// <summary>Creates an answer with status 200 and one page of a list.</summary>
    /// <param name="body">The page.</param>
    /// <param name="continuation">The token for the next page; null on the last page.</param>
    public static ApiAnswer Page(object body, string? continuation) => continuation is null
        ? Ok(body)
        : new(200, body) { Headers = new Dictionary<string, string> { [ContinuationToken.Header] = continuation } };

    /// <summary>Creates an answer with a file. The host turns it into status 206, 304, 412 or 416 if the request's headers ask for that.</summary>
    public static ApiAnswer File(ApiFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(200, file, file.ContentType) { Headers = ApiFile.Headers };
    }

    /// <summary>Creates the answer to a client whose copy is still right: status 304 without a body.</summary>
    /// <param name="etag">The copy's ETag, in quotes.</param>
    public static ApiAnswer NotModified(string etag) => new(304, "")
    {
        Headers = new Dictionary<string, string>(ApiFile.Headers) { ["ETag"] = etag },
    };

    /// <summary>Creates an answer with a file of the page.</summary>
    public static ApiAnswer Page(PageFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(200, new ApiFile(file.Open(), file.ContentType, file.ETag, LastModified: null), file.ContentType)
        {
            Headers = PageFile.Headers,
        };
    }

    /// <summary>Creates Durable Functions' check-status response: status 202, <c>Location</c>, <c>Retry-After</c> and the body.</summary>
    public static ApiAnswer Accepted(CheckStatus instance) => new(202, instance)
    {
        Headers = new Dictionary<string, string>
        {
            ["Location"] = instance.StatusQueryGetUri,
            ["Retry-After"] = $"{CheckStatus.RetryAfter.TotalSeconds:0}",
        },
    };

    /// <summary>Creates an answer that describes a problem in the form of RFC 9457.</summary>
    public static ApiAnswer Problem(ApiProblem problem) => new(problem.Status, problem, ApiProblem.ContentType);
}
