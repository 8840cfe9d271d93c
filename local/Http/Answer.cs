using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace KeypointPipeline.Local.Http;

/// <summary>Sends answers with ASP.NET Core.</summary>
internal static class Answer
{
    /// <summary>Sends an answer with its headers.</summary>
    public static async Task SendAsync(HttpContext http, ApiAnswer answer)
    {
        foreach ((string name, string value) in answer.Headers)
            http.Response.Headers[name] = value;
        try
        {
            await ToResult(http.Request, answer).ExecuteAsync(http);
        }
        catch when (!http.Response.HasStarted)
        {
            // The headers of a file that storage stopped giving do not fit the problem that is sent instead.
            http.Response.Clear();
            throw;
        }
    }

    /// <summary>Creates a result with a JSON body.</summary>
    public static IResult Json(int status, object body) => TypedResults.Json(body, PipelineJson.Compact, statusCode: status);

    /// <summary>ASP.NET Core answers ranges and conditions of files, and conditions of values that may be polled.</summary>
    private static IResult ToResult(HttpRequest request, ApiAnswer answer) => answer.Body switch
    {
        ApiFile file => TypedResults.Stream(
            file.Content, file.ContentType, file.DownloadName, file.LastModified, new EntityTagHeaderValue(file.ETag), enableRangeProcessing: true),
        _ when answer.Status == StatusCodes.Status304NotModified => TypedResults.StatusCode(answer.Status),
        _ when JsonBody.Find(request.Method, answer) is JsonBody json =>
            TypedResults.Bytes(json.Content, answer.ContentType, entityTag: new EntityTagHeaderValue(json.ETag)),
        object body => TypedResults.Json(body, PipelineJson.Compact, answer.ContentType, answer.Status),
    };
}
