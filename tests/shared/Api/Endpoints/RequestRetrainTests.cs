using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class RequestRetrainTests
{
    private readonly StartRecorder _workflows = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 30, 15, 250, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retraining_is_named_after_its_time_and_keeps_its_settings()
    {
        ApiAnswer answer = await CallAsync(new RetrainRequest(Force: true, new TrainingSettings(Epochs: 7)));

        Assert.Equal("retrain-20261123-123015-250", answer.InstanceId());
        (string workflow, string input, string instanceId) = Assert.Single(_workflows.Started);
        Assert.Equal((Retrain.Ref.Name, answer.InstanceId()), (workflow, instanceId));
        Assert.Contains("\"force\":true", input, StringComparison.Ordinal);
        Assert.Contains("\"epochs\":7", input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_says_where_and_when_to_ask_about_the_instance()
    {
        ApiAnswer answer = await CallAsync("");

        Assert.Equal((202, "application/json; charset=utf-8"), (answer.Status, answer.ContentType));
        Assert.Equal("status of retrain-20261123-123015-250", answer.Headers["Location"]);
        Assert.Equal("10", answer.Headers["Retry-After"]);
    }

    [Fact]
    public async Task Settings_outside_their_range_start_nothing()
    {
        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(
            () => CallAsync(new RetrainRequest(Settings: new TrainingSettings(BatchSize: 0))));

        Assert.Equal(400, problem.Problem.Status);
        Assert.Contains("batchSize is 0", problem.Problem.Detail, StringComparison.Ordinal);
        Assert.Empty(_workflows.Started);
    }

    private Task<ApiAnswer> CallAsync(object body) => new RequestRetrain(_time).CallAsync("", body, _workflows, Cancel);
}
