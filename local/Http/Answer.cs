using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Bodies of answers, in the pipeline's one JSON dialect.</summary>
internal static class Answer
{
    /// <summary>A JSON body.</summary>
    public static IResult Json<T>(int status, T body) =>
        TypedResults.Json(body, PipelineJson.Compact, "application/json; charset=utf-8", status);

    /// <summary>A problem, for which there is an RFC 9457 body.</summary>
    public static IResult Problem(ApiProblem problem) =>
        TypedResults.Json(problem, PipelineJson.Compact, ApiProblem.ContentType, problem.Status);
}
