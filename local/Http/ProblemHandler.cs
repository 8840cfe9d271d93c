using Azure;
using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Http;

/// <summary>Turns what went wrong into an RFC 9457 answer. What only the host's owner can mend stands in its log, under the answer's id.</summary>
internal sealed class ProblemHandler(ILogger<ProblemHandler> logger)
{
    /// <summary>Outermost middleware.</summary>
    public async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (ApiProblemException e)
        {
            await Answer.Problem(e.Problem).ExecuteAsync(http);
        }
        catch (BadHttpRequestException e)
        {
            await Answer.Problem(new ApiProblem("Invalid request", e.StatusCode, e.Message)).ExecuteAsync(http);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            logger.LogError(e, "{Method} {Path} failed, answered as {Request}", http.Request.Method, http.Request.Path, http.TraceIdentifier);
            await Answer.Problem(Describe(e, http.TraceIdentifier)).ExecuteAsync(http);
        }
    }

    private static ApiProblem Describe(Exception e, string request) => e is RequestFailedException or AggregateException
        ? new ApiProblem(
            "Storage failed",
            StatusCodes.Status503ServiceUnavailable,
            $"Storage does not answer, or refused; GET /api/health says when it does again. The host's log has the details under {request}.")
        : new ApiProblem(
            "Internal error", StatusCodes.Status500InternalServerError, $"The host failed; its log has the details under {request}.");
}
