using Azure;
using KeypointPipeline.Api.Endpoints;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Api;

/// <summary>Converts exceptions to problems, in the same way for every host. The log has the details of an unexpected exception under the
/// id that the answer names.</summary>
public sealed class ApiProblems(ILogger<ApiProblems> logger)
{
    /// <summary>Converts an exception to a problem. Logs it if only the host's owner can fix the cause.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="method">The request's HTTP method.</param>
    /// <param name="path">The request's path without the query, because the query may contain a key.</param>
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
                $"Storage does not answer or refuses the request. {ApiRoute.Of<CheckHealth>()} shows when storage answers again. "
                + $"The host's log has the details under {requestId}.")
            : new ApiProblem("Internal error", 500, $"The host failed to serve the request. Its log has the details under {requestId}.");
    }
}
