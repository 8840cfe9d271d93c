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
            await ToResult(answer).ExecuteAsync(http);
        }
        catch when (!http.Response.HasStarted)
        {
            // The headers of a file that storage stopped giving do not fit the problem that is sent instead.
            http.Response.Clear();
            throw;
        }
    }

    /// <summary>Creates a result with a JSON body.</summary>
    public static IResult Json(int status, object body) => ToResult(new ApiAnswer(status, body));

    /// <summary>ASP.NET Core answers ranges and conditions of files.</summary>
    private static IResult ToResult(ApiAnswer answer) => answer.Body is ApiFile file
        ? TypedResults.Stream(file.Content, file.ContentType, file.DownloadName, file.LastModified, new EntityTagHeaderValue(file.ETag), enableRangeProcessing: true)
        : TypedResults.Json(answer.Body, PipelineJson.Compact, answer.ContentType, answer.Status);
}
