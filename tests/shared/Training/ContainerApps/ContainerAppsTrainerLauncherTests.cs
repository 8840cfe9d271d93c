using System.Diagnostics;
using Azure;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

public sealed class ContainerAppsTrainerLauncherTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly HurriedTime _time = new();
    private FakeArm _arm = null!;
    private FakeJob _a100 = null!;
    private FakeJob _t4 = null!;
    private FakeJob _cpu = null!;
    private PipelineStorage _storage = null!;
    private ContainerAppsTrainerLauncher _launcher = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _arm = await FakeArm.StartAsync();
        (_a100, _t4, _cpu) = (_arm.AddJob("a100", "gpu-a100"), _arm.AddJob("t4", "gpu-t4"), _arm.AddJob("cpu", "Consumption"));
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _launcher = LauncherOf(_a100, _t4, _cpu);
    }

    public ValueTask DisposeAsync() => _arm.DisposeAsync();

    [Fact]
    public async Task The_first_start_goes_to_the_first_job_and_is_noted()
    {
        await StartAsync();

        TrainerStart start = Assert.Single((await RecordAsync()).Starts);
        Assert.Equal(new TrainerStart(0, _a100.Id, _time.GetUtcNow(), 0, "gpu-a100", "a100-1"), start);
        Assert.Equal(new TrainerSighting(false, TimeSpan.FromMinutes(30), "a100 (gpu-a100), choice 1 of 3"), await LookAsync());
    }

    [Fact]
    public async Task The_trainer_continues_the_trace_of_who_starts_it()
    {
        using Activity activity = new Activity("launch").SetIdFormat(ActivityIdFormat.W3C).Start();

        await StartAsync();

        Assert.Equal(activity.Id, (string?)_a100.Executions[0].Template["containers"]![0]!["env"]![2]!["value"]);
    }

    [Fact]
    public async Task A_step_that_runs_twice_starts_one_execution()
    {
        await StartAsync();
        await StartAsync();

        Assert.Single(_a100.Executions);
        Assert.Single((await RecordAsync()).Starts);
    }

    [Fact]
    public async Task An_execution_that_was_started_but_not_noted_is_found_again()
    {
        await StartAsync();
        TrainerStart noted = (await RecordAsync()).Last!;
        await WriteRecordAsync(noted with { Execution = null, WorkloadProfile = null });

        await StartAsync();

        Assert.Single(_a100.Executions);
        Assert.Equal([noted], (await RecordAsync()).Starts);
    }

    [Fact]
    public async Task Executions_of_other_runs_are_left_alone()
    {
        await _launcher.StartAsync("other", Cancel);

        await StartAsync();
        await _launcher.StopAsync("run", Cancel);

        Assert.Equal([false, true], _a100.Executions.Select(execution => execution.StopRequested));
    }

    [Fact]
    public async Task After_an_epoch_the_profile_stays_though_the_stopped_execution_is_still_listed()
    {
        await StartAsync();
        await WriteEpochsAsync(3);
        await _launcher.StopAsync("run", Cancel);

        await StartAsync();

        TrainerStart start = (await RecordAsync()).Last!;
        Assert.Equal((0, "a100-2", 3), (start.Profile, start.Execution, start.EpochsBefore));
        Assert.Empty(_t4.Executions);
    }

    [Fact]
    public async Task Without_an_epoch_each_start_goes_one_down_and_the_last_stays()
    {
        for (int i = 0; i < 4; i++)
        {
            await StartAsync();
            await _launcher.StopAsync("run", Cancel);
        }

        Assert.Equal([0, 1, 2, 2], (await RecordAsync()).Starts.Select(start => start.Profile));
        Assert.Equal((1, 1, 2), (_a100.Executions.Count, _t4.Executions.Count, _cpu.Executions.Count));
    }

    [Theory]
    [InlineData(400, "WorkloadProfileQuotaExceeded")]
    [InlineData(409, "NotAvailable")]
    public async Task What_Azure_refuses_for_good_goes_one_down_at_once(int status, string code)
    {
        _a100.Refusal = (status, code);

        await StartAsync();

        Assert.Equal("t4-1", (await RecordAsync()).Last!.Execution);
        Assert.Contains(code, (await RecordAsync()).Starts[0].Refused, StringComparison.Ordinal);
        Assert.Equal("t4 (gpu-t4), choice 2 of 3", (await LookAsync()).Place);
    }

    [Fact]
    public async Task A_job_that_is_not_deployed_goes_one_down_at_once()
    {
        var missing = new FakeJob("missing", _a100.Id + "-missing", "");

        await LauncherOf(missing, _cpu).StartAsync("run", Cancel);

        Assert.Single(_cpu.Executions);
    }

    [Fact]
    public async Task Refused_everywhere_it_is_gone_and_says_why()
    {
        (_a100.Refusal, _t4.Refusal, _cpu.Refusal) = ((400, "Quota"), (400, "Quota"), (400, "Quota"));

        await StartAsync();

        TrainerSighting sighting = await LookAsync();
        Assert.True(sighting.IsGone);
        Assert.Contains("refused, 400 Quota", sighting.Place, StringComparison.Ordinal);
        await _launcher.StopAsync("run", Cancel);
        await StartAsync();
        Assert.Equal([0, 1, 2, 2], (await RecordAsync()).Starts.Select(start => start.Profile));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_missing_role_is_no_reason_for_slower_hardware(int status)
    {
        _a100.Refusal = (status, "AuthorizationFailed");

        await Assert.ThrowsAsync<RequestFailedException>(StartAsync);
        _a100.Refusal = null;
        await StartAsync();

        Assert.Equal("a100-1", Assert.Single((await RecordAsync()).Starts).Execution);
    }

    [Theory]
    [InlineData("Running", false)]
    [InlineData("Failed", true)]
    [InlineData("Succeeded", true)]
    public async Task Gone_is_what_Azure_says_has_ended(string status, bool expected)
    {
        await StartAsync();
        _a100.Executions[0].Status = status;

        Assert.Equal(expected, (await LookAsync()).IsGone);
    }

    [Theory]
    [InlineData(137, "killed (signal 9, most likely out of memory)")]
    [InlineData(139, "killed (signal 11, SIGSEGV)")]
    [InlineData(1, null)]
    [InlineData(null, null)]
    public async Task The_signal_that_ended_the_trainers_container_is_named_if_Azure_gives_it(int? exitCode, string? expected)
    {
        await StartAsync();
        _a100.Executions[0].ExitCode = exitCode;
        Assert.Null((await LookAsync()).End);

        _a100.Executions[0].Status = "Failed";

        Assert.Equal(expected, (await LookAsync()).End);
    }

    [Fact]
    public async Task An_execution_that_vanished_is_gone_unless_it_was_just_started()
    {
        await StartAsync();
        _a100.Forget(_a100.Executions[0]);

        Assert.False((await LookAsync()).IsGone);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.True((await LookAsync()).IsGone);
    }

    [Fact]
    public async Task Of_two_executions_of_one_start_the_live_one_counts()
    {
        await StartAsync();
        FakeExecution noted = _a100.Executions[0];
        FakeExecution other = _a100.Start(noted.Template.DeepClone().AsObject());
        noted.Status = "Failed";

        Assert.False((await LookAsync()).IsGone);
        other.Status = "Failed";
        Assert.True((await LookAsync()).IsGone);
    }

    [Fact]
    public async Task What_the_list_does_not_show_yet_is_stopped_and_what_has_ended_is_not()
    {
        await StartAsync();
        _a100.Forget(_a100.Executions[0]);
        await _launcher.StopAsync("run", Cancel);
        Assert.Single(_arm.Requests, request => request.Path.EndsWith("a100-1/stop", StringComparison.Ordinal));

        await StartAsync();
        _t4.Executions[0].Status = "Succeeded";
        await _launcher.StopAsync("run", Cancel);
        Assert.False(_t4.Executions[0].StopRequested);
    }

    [Fact]
    public async Task While_Azure_is_away_nothing_is_known()
    {
        await StartAsync();
        _arm.IsDown = true;

        Assert.False((await LookAsync()).IsGone);
    }

    [Fact]
    public async Task Of_a_run_it_never_started_it_knows_nothing()
    {
        await _launcher.StopAsync("run", Cancel);

        Assert.Equal(new TrainerSighting(false, TimeSpan.FromMinutes(30)), await LookAsync());
        Assert.Empty(_arm.Requests);
    }

    [Fact]
    public async Task Stopping_twice_asks_once()
    {
        await StartAsync();

        await _launcher.StopAsync("run", Cancel);
        await _launcher.StopAsync("run", Cancel);

        Assert.True(_a100.Executions[0].StopRequested);
        Assert.Single(_arm.Requests, request => request.Path.EndsWith("/stop", StringComparison.Ordinal));
    }

    private ContainerAppsTrainerLauncher LauncherOf(params FakeJob[] jobs) => new(
        _arm.JobsInOrder(jobs), _arm.CreateClient(_time), _storage, _time, NullLogger<ContainerAppsTrainerLauncher>.Instance);

    private Task StartAsync() => _launcher.StartAsync("run", Cancel);

    private Task<TrainerSighting> LookAsync() => _launcher.LookAsync("run", Cancel);

    private async Task<TrainerRecord> RecordAsync() =>
        (await _storage.ReadAsync<TrainerRecord>(BlobLayout.Runs, $"run/{TrainingRunFiles.Trainer}", Cancel))!.Value;

    private Task WriteRecordAsync(TrainerStart start) =>
        _storage.WriteAsync(BlobLayout.Runs, $"run/{TrainingRunFiles.Trainer}", new TrainerRecord([start]), Cancel);

    private Task WriteEpochsAsync(int epochs) => _storage.WriteAsync(
        BlobLayout.Runs,
        $"run/{TrainingRunFiles.Status}",
        new TrainingStatus(TrainingState.Running, _time.GetUtcNow(), epochs, 40),
        Cancel);
}
