using Azure;
using KeypointPipeline.Api;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api;

public sealed class ApiProblemsTests
{
    private readonly ListLogger _log = new();

    [Fact]
    public void A_refused_request_is_its_own_answer_and_is_not_logged()
    {
        ApiProblem problem = Describe(new ApiProblemException(409, "Not promoted", "v2 was not promoted."));

        Assert.Equal(new ApiProblem("Not promoted", 409, "v2 was not promoted."), problem);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Storage_that_fails_is_503_and_says_which_address_tells_when_it_works_again()
    {
        Exception[] failures = [new RequestFailedException(500, "down"), new AggregateException("Retry failed after 6 tries.")];

        Assert.All(failures, failure =>
        {
            ApiProblem problem = Describe(failure);
            Assert.Equal(("Storage failed", 503), (problem.Title, problem.Status));
            Assert.Contains("GET /api/health", problem.Detail, StringComparison.Ordinal);
        });
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public void Anything_else_is_500_without_its_details_which_the_log_has_under_the_answers_id()
    {
        ApiProblem problem = Describe(new InvalidOperationException("a secret"));

        Assert.Equal(("Internal error", 500), (problem.Title, problem.Status));
        Assert.Contains("request-7", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Detail, StringComparison.Ordinal);
        Assert.Equal("Error: POST /api/retrain failed, answered as request-7 (a secret)", Assert.Single(_log.Lines));
    }

    private ApiProblem Describe(Exception e) => new ApiProblems(_log).Describe(e, "POST", "/api/retrain", "request-7");

    private sealed class ListLogger : ILogger<ApiProblems>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)} ({exception?.Message})");
    }
}
