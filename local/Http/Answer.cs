using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KeypointPipeline.Local.Http;

/// <summary>Sends answers with ASP.NET Core.</summary>
internal static class Answer
{
    /// <summary>Sends an answer with its headers.</summary>
    public static Task SendAsync(HttpContext http, ApiAnswer answer)
    {
        foreach ((string name, string value) in answer.Headers)
            http.Response.Headers[name] = value;
        return ToResult(answer).ExecuteAsync(http);
    }

    /// <summary>Creates a result with a JSON body.</summary>
    public static IResult Json(int status, object body) => ToResult(new ApiAnswer(status, body));

    private static JsonHttpResult<object> ToResult(ApiAnswer answer) =>
        TypedResults.Json(answer.Body, PipelineJson.Compact, answer.ContentType, answer.Status);
}
