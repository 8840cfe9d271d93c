using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KeypointPipeline.Functions.Http;

/// <summary>Converts answers to the results that functions return.</summary>
internal static class Answer
{
    /// <summary>Sets the answer's headers on the response. Returns a result with its status and body. ASP.NET Core answers ranges and
    /// conditions of files, and conditions of values that may be polled.</summary>
    public static IResult ToResult(HttpResponse response, ApiAnswer answer)
    {
        foreach ((string name, string value) in answer.Headers)
            response.Headers[name] = value;
        return answer.Body switch
        {
            ApiFile file => TypedResults.Stream(
                file.Content, file.ContentType, file.DownloadName, file.LastModified, new EntityTagHeaderValue(file.ETag), enableRangeProcessing: true),
            _ when answer.Status == StatusCodes.Status304NotModified => TypedResults.StatusCode(answer.Status),
            _ when JsonBody.Find(response.HttpContext.Request.Method, answer) is JsonBody json =>
                TypedResults.Bytes(json.Content, answer.ContentType, entityTag: new EntityTagHeaderValue(json.ETag)),
            object body => TypedResults.Json(body, PipelineJson.Compact, answer.ContentType, answer.Status),
        };
    }
}
