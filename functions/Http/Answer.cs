using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace KeypointPipeline.Functions.Http;

/// <summary>Answers in the pipeline's one JSON dialect.</summary>
internal static class Answer
{
    /// <summary>A JSON body.</summary>
    public static IResult Json<T>(int status, T body) =>
        TypedResults.Json(body, PipelineJson.Compact, "application/json; charset=utf-8", status);

    /// <summary>A problem, as RFC 9457 describes it.</summary>
    public static IResult Problem(ApiProblem problem) =>
        TypedResults.Json(problem, PipelineJson.Compact, ApiProblem.ContentType, problem.Status);

    /// <summary>The check-status response: 202, <c>Location</c>, <c>Retry-After</c>, body.</summary>
    public static IResult Accepted(HttpResponse response, DurableTaskClient client, string instanceId)
    {
        HttpManagementPayload addresses = client.CreateHttpManagementPayload(instanceId);
        response.Headers.Location = addresses.StatusQueryGetUri;
        response.Headers.RetryAfter = CheckStatus.RetryAfter.TotalSeconds.ToString("0");
        return Json(StatusCodes.Status202Accepted, new CheckStatus(
            instanceId,
            addresses.StatusQueryGetUri!,
            addresses.SendEventPostUri!,
            addresses.TerminatePostUri!.Replace("{{text}}", "{text}", StringComparison.Ordinal),
            addresses.PurgeHistoryDeleteUri!));
    }
}
