using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Local.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Local.Tests.Http;

public sealed class ProblemHandlerTests
{
    [Fact]
    public async Task An_unexpected_error_is_a_500_problem_that_names_the_request()
    {
        (DefaultHttpContext http, JsonElement problem) = await FailAsync(new InvalidOperationException("a secret"));

        Assert.Equal((500, "application/problem+json"), (http.Response.StatusCode, http.Response.ContentType));
        Assert.Contains(http.TraceIdentifier, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_the_web_server_refuses_keeps_its_status()
    {
        (DefaultHttpContext http, JsonElement problem) = await FailAsync(new BadHttpRequestException("Too large.", 413));

        Assert.Equal((413, "application/problem+json"), (http.Response.StatusCode, http.Response.ContentType));
        Assert.Equal(("Invalid request", "Too large."), (problem.GetProperty("title").GetString(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Nobody_is_answered_who_has_gone()
    {
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) };

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => Handler().HandleAsync(http, _ => throw new OperationCanceledException()));
    }

    private static ProblemHandler Handler() => new(new ApiProblems(NullLogger<ApiProblems>.Instance));

    private static async Task<(DefaultHttpContext Http, JsonElement Problem)> FailAsync(Exception failure)
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = services, TraceIdentifier = "request-7" };
        http.Response.Body = answer;

        await Handler().HandleAsync(http, _ => throw failure);

        return (http, JsonSerializer.Deserialize<JsonElement>(answer.ToArray()));
    }
}
