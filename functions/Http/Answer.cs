using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KeypointPipeline.Functions.Http;

/// <summary>Converts answers to the results that functions return.</summary>
internal static class Answer
{
    /// <summary>Sets the answer's headers on the response. Returns a result with its status and body. ASP.NET Core answers ranges and
    /// conditions of files.</summary>
    public static IResult ToResult(HttpResponse response, ApiAnswer answer)
    {
        foreach ((string name, string value) in answer.Headers)
            response.Headers[name] = value;
        return answer.Body is ApiFile file
            ? TypedResults.Stream(file.Content, file.ContentType, file.DownloadName, file.LastModified, new EntityTagHeaderValue(file.ETag), enableRangeProcessing: true)
            : TypedResults.Json(answer.Body, PipelineJson.Compact, answer.ContentType, answer.Status);
    }
}
