using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Functions.Http;

/// <summary>Converts answers to the results that functions return.</summary>
internal static class Answer
{
    /// <summary>Sets the answer's headers on the response. Returns a result with its status and body.</summary>
    public static IResult ToResult(HttpResponse response, ApiAnswer answer)
    {
        foreach ((string name, string value) in answer.Headers)
            response.Headers[name] = value;
        return TypedResults.Json(answer.Body, PipelineJson.Compact, answer.ContentType, answer.Status);
    }
}
