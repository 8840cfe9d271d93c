using KeypointPipeline.Api;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Answers exceptions with a problem in the form of RFC 9457.</summary>
internal sealed class ProblemHandler(ApiProblems problems)
{
    /// <summary>Outermost middleware: runs the next middleware and answers its exceptions.</summary>
    public async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e)
        {
            await Answer.SendAsync(http, ApiAnswer.Problem(ApiProblem.InvalidRequest(e.StatusCode, e.Message)));
        }
        catch (Exception e) when (e is ApiProblemException || (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted))
        {
            ApiProblem problem = problems.Describe(e, http.Request.Method, $"{http.Request.Path}", http.TraceIdentifier);
            await Answer.SendAsync(http, ApiAnswer.Problem(problem));
        }
    }
}
