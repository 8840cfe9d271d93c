using KeypointPipeline.Api;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api;

/// <summary>The ETag of values that clients poll.</summary>
public sealed class JsonBodyTests
{
    [Fact]
    public void The_same_value_has_the_same_ETag_and_another_value_has_another()
    {
        string Of(string version) => JsonBody.Find("GET", ApiAnswer.Ok(new HealthReport("healthy", version, null)))!.ETag;

        Assert.Equal(Of("1"), Of("1"));
        Assert.NotEqual(Of("1"), Of("2"));
        Assert.Matches("^\"[0-9a-f]{32}\"$", Of("1"));
    }

    [Fact]
    public void What_is_not_a_value_to_poll_has_none()
    {
        Assert.Null(JsonBody.Find("POST", ApiAnswer.Ok("done")));
        Assert.Null(JsonBody.Find("GET", ApiAnswer.Problem(new ApiProblem("No", 404, "Not there."))));
        Assert.Null(JsonBody.Find("GET", new ApiAnswer(503, new HealthReport("unhealthy", "1", null))));
    }
}
