using Azure;
using Azure.Core;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training.ContainerApps;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

public sealed class ContainerAppsClientTests : IAsyncLifetime
{
    private readonly HurriedTime _time = new();
    private FakeArm _arm = null!;
    private FakeJob _job = null!;
    private ContainerAppsClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ResourceIdentifier Job => new(_job.Id);

    public async ValueTask InitializeAsync()
    {
        _arm = await FakeArm.StartAsync();
        _job = _arm.AddJob("train", "gpu");
        _client = _arm.CreateClient(_time);
    }

    public ValueTask DisposeAsync() => _arm.DisposeAsync();

    [Fact]
    public async Task Every_request_carries_the_token_and_the_one_api_version()
    {
        await _client.GetJobAsync(Job, Cancel);
        string execution = await StartAsync();
        await _client.FindExecutionAsync(Job, execution, Cancel);
        await _client.ListExecutionsAsync(Job, Cancel);
        await _client.StopExecutionAsync(Job, execution, Cancel);

        Assert.Equal(5, _arm.Requests.Count);
        Assert.All(_arm.Requests, request => Assert.Equal($"Bearer {FakeArm.Token}", request.Authorization));
        Assert.All(_arm.Requests, request => Assert.Equal($"?api-version={ContainerAppsClient.ApiVersion}", request.Query));
        Assert.True(_job.Executions[0].StopRequested);
    }

    /// <summary>The client asks for a token for the cloud that it is given: <see cref="FakeArm"/> gives no other.</summary>
    [Theory]
    [InlineData(null, "management.azure.com")]
    [InlineData("https://management.usgovcloudapi.net/", "management.usgovcloudapi.net")]
    [InlineData("https://management.chinacloudapi.cn", "management.chinacloudapi.cn")]
    public async Task Every_request_goes_to_the_cloud_that_has_the_jobs(string? setting, string host)
    {
        _arm.Cloud = AzureCloud.Parse(setting);
        _arm.LooksUntilStarted = 1;
        _arm.PageSize = 1;
        ContainerAppsClient client = _arm.CreateClient(_time);

        for (int i = 0; i < 2; i++)
            await client.StartAsync(Job, TrainerTemplate.Create(FakeJob.Template(), "run", traceParent: null), Cancel);
        Assert.Equal(2, (await client.ListExecutionsAsync(Job, Cancel)).Count);

        Assert.Equal(6, _arm.Requests.Count);
        Assert.All(_arm.Requests, request => Assert.Equal(host, request.Host));
    }

    [Theory]
    [InlineData("management.azure.com")]
    [InlineData("http://management.azure.com/")]
    [InlineData("https://management.azure.com/subscriptions")]
    [InlineData("https://user@management.azure.com/")]
    public void The_token_is_sent_only_to_a_whole_server_by_HTTPS(string setting)
    {
        var error = Assert.Throws<FormatException>(() => AzureCloud.Parse(setting));

        Assert.Contains($"{AzureCloud.Variable}='{setting}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accepted_start_is_asked_after_where_and_when_Azure_says()
    {
        _arm.LooksUntilStarted = 3;

        Assert.Equal("train-1", await StartAsync());

        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)], _time.Waits);
        Assert.Equal(["POST", "GET", "GET", "GET"], _arm.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task An_accepted_start_that_never_gets_a_name_is_given_up()
    {
        _arm.LooksUntilStarted = int.MaxValue;

        await Assert.ThrowsAsync<TimeoutException>(StartAsync);

        Assert.True(_time.GetUtcNow() - new HurriedTime().GetUtcNow() >= TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task The_token_is_not_taken_elsewhere()
    {
        _arm.LooksUntilStarted = 1;
        _arm.ForeignLocation = "https://elsewhere.example/operation";

        var error = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains("elsewhere.example", error.Message, StringComparison.Ordinal);
        Assert.Single(_arm.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_passes_is_tried_again(int status)
    {
        _arm.Faults.Enqueue((status, "0"));
        _arm.Faults.Enqueue((status, null));

        Assert.Equal("train-1", await StartAsync());

        Assert.Equal(3, _arm.Requests.Count);
        Assert.Single(_job.Executions);
    }

    [Fact]
    public async Task A_refusal_says_Azures_code()
    {
        _job.Refusal = (400, "QuotaExceeded");

        var error = await Assert.ThrowsAsync<RequestFailedException>(StartAsync);

        Assert.Equal((400, "QuotaExceeded"), (error.Status, error.ErrorCode));
        Assert.Single(_arm.Requests);
    }

    [Fact]
    public async Task A_list_is_read_to_its_last_page()
    {
        _arm.PageSize = 2;
        for (int i = 0; i < 5; i++)
            await StartAsync();

        IReadOnlyList<JobExecution> executions = await _client.ListExecutionsAsync(Job, Cancel);

        Assert.Equal(["train-1", "train-2", "train-3", "train-4", "train-5"], executions.Select(execution => execution.Name));
        Assert.All(executions, execution => Assert.True(execution.Trains("run")));
        Assert.All(executions, execution => Assert.False(execution.Trains("run2")));
    }

    [Fact]
    public async Task An_execution_that_vanished_is_none_and_needs_no_stop()
    {
        Assert.Null(await _client.FindExecutionAsync(Job, "gone", Cancel));
        await _client.StopExecutionAsync(Job, "gone", Cancel);
    }

    [Theory]
    [InlineData("Running", null, false)]
    [InlineData("Processing", null, false)]
    [InlineData("Unknown", null, false)]
    [InlineData("SomethingNew", null, false)]
    [InlineData("Degraded", null, false)]
    [InlineData("Degraded", "2026-11-23T12:10:00+00:00", true)]
    [InlineData("Failed", null, true)]
    [InlineData("Stopped", null, true)]
    [InlineData("Succeeded", null, true)]
    public async Task Only_what_cannot_go_on_has_ended(string status, string? endTime, bool expected)
    {
        string name = await StartAsync();
        _job.Executions[0].Status = status;
        _job.Executions[0].EndTime = endTime;

        Assert.Equal(expected, (await _client.FindExecutionAsync(Job, name, Cancel))!.HasEnded);
    }

    private Task<string> StartAsync() =>
        _client.StartAsync(Job, TrainerTemplate.Create(FakeJob.Template(), "run", traceParent: null), Cancel);
}
