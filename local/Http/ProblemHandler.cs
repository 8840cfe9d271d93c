using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Http;

/// <summary>Turns what went wrong into an RFC 9457 answer.</summary>
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
            logger.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            await Answer.Problem(new ApiProblem(
                "Internal error", StatusCodes.Status500InternalServerError, $"{e.Message} The host's log has the details.")).ExecuteAsync(http);
        }
    }
}
