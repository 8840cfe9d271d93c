using Azure;
using KeypointPipeline.Api.Endpoints;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Api;

/// <summary>Says how an exception is answered, the same in every host. The log has the details of an unexpected one, under the id
/// that the answer names.</summary>
public sealed class ApiProblems(ILogger<ApiProblems> logger)
{
    /// <summary>Describes what went wrong, and logs it where only the host's owner can fix it.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path, without the query: a key may stand there.</param>
    /// <param name="requestId">The host's id of the request.</param>
    public ApiProblem Describe(Exception e, string method, string path, string requestId)
    {
        if (e is ApiProblemException expected)
            return expected.Problem;
        logger.LogError(e, "{Method} {Path} failed, answered as {Request}", method, path, requestId);
        return e is RequestFailedException or AggregateException
            ? new ApiProblem(
                "Storage failed",
                503,
                $"Storage does not answer, or refused; {ApiRoute.Of<CheckHealth>()} says when it does again. The host's log has the details under {requestId}.")
            : new ApiProblem("Internal error", 500, $"The host failed; its log has the details under {requestId}.");
    }
}
