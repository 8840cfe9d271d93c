using KeypointPipeline.Local.Engine;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

/// <summary>The whole workflow, with its real steps on real storage, over the launcher.</summary>
public sealed class TrainModelInAzureTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private TrainingInAzure _azure = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _azure = await TrainingInAzure.CreateAsync(azurite, Cancel);

    public ValueTask DisposeAsync() => _azure.DisposeAsync();

    [Fact]
    public async Task All_goes_well_on_the_first_profile()
    {
        _azure.A100.OnLook = _azure.Trains();

        (TrainModelOutput output, IReadOnlyList<string> places) = await _azure.RunAsync();

        Assert.True(output.Promoted, output.Reason);
        Assert.Equal(["a100 (gpu-a100), choice 1 of 3"], places);
        AssertStarts(1, 0, 0);
    }

    [Fact]
    public async Task Refused_for_quota_then_failed_before_the_image_came_it_trains_on_the_last_profile()
    {
        _azure.A100.Refusal = (400, "WorkloadProfileQuotaExceeded");
        _azure.T4.OnLook = execution => Become(execution, "Failed");
        _azure.Cpu.OnLook = _azure.Trains();

        (TrainModelOutput output, IReadOnlyList<string> places) = await _azure.RunAsync();

        Assert.True(output.Promoted, output.Reason);
        Assert.Equal(["t4 (gpu-t4), choice 2 of 3", "cpu (Consumption), choice 3 of 3"], places);
        AssertStarts(0, 1, 1);
    }

    [Fact]
    public async Task Stuck_in_Running_it_is_stopped_after_half_an_hour_and_the_next_profile_trains()
    {
        _azure.T4.OnLook = _azure.Trains();
        DateTimeOffset began = _azure.Time.GetUtcNow();

        (TrainModelOutput output, _) = await _azure.RunAsync();

        Assert.True(output.Promoted, output.Reason);
        Assert.True(_azure.A100.Executions[0].StopRequested);
        Assert.InRange(_azure.Time.GetUtcNow() - began, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(35));
        AssertStarts(1, 1, 0);
    }

    [Fact]
    public async Task A_first_heartbeat_after_25_minutes_is_in_time()
    {
        DateTimeOffset began = _azure.Time.GetUtcNow();
        Func<FakeExecution, Task> trains = _azure.Trains();
        _azure.A100.OnLook = execution =>
            _azure.Time.GetUtcNow() - began < TimeSpan.FromMinutes(25) ? Task.CompletedTask : trains(execution);

        Assert.True((await _azure.RunAsync()).Output.Promoted);

        AssertStarts(1, 0, 0);
    }

    [Fact]
    public async Task A_trainer_that_fell_silent_is_restarted_from_its_checkpoint_on_the_same_profile()
    {
        _azure.A100.OnLook = execution => (execution.Name, execution.Looks) switch
        {
            ("a100-1", < 2) => _azure.BeatAsync(++execution.Looks),
            ("a100-1", _) => Task.CompletedTask,
            _ => _azure.Trains(fromEpoch: 2)(execution),
        };

        (TrainModelOutput output, IReadOnlyList<string> places) = await _azure.RunAsync();

        Assert.True(output.Promoted, output.Reason);
        Assert.Single(places);
        Assert.True(_azure.A100.Executions[0].StopRequested);
        AssertStarts(2, 0, 0);
    }

    [Fact]
    public async Task A_trainer_that_was_killed_is_restarted_and_the_status_says_why()
    {
        _azure.A100.OnLook = execution => execution.Name == "a100-1" ? KilledAsync(execution, epoch: 2) : _azure.Trains(fromEpoch: 2)(execution);

        (TrainModelOutput output, _) = await _azure.RunAsync();

        Assert.True(output.Promoted, output.Reason);
        Assert.Contains(
            "the trainer was killed (signal 9, most likely out of memory) and continues from its checkpoint", _azure.TrainingReasons);
        AssertStarts(2, 0, 0);
    }

    [Fact]
    public async Task A_training_whose_trainers_are_all_killed_fails_with_the_cause_and_what_to_do()
    {
        foreach (FakeJob job in new[] { _azure.A100, _azure.T4, _azure.Cpu })
            job.OnLook = execution => KilledAsync(execution, epoch: 0);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(_azure.RunAsync);

        Assert.Contains("stopped 4 times in a row without finishing an epoch", error.Message, StringComparison.Ordinal);
        Assert.Contains("The last one was killed (signal 9, most likely out of memory). A smaller batchSize", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_stopped_again_and_again_before_its_first_epoch_is_started_again_and_again()
    {
        const int Stops = 3 * TrainModel.MaxFruitlessStarts;
        FakeJob[] jobs = [_azure.A100, _azure.T4, _azure.Cpu];
        async Task LookAsync(FakeExecution execution)
        {
            if (jobs.Sum(job => job.Starts) > Stops)
            {
                await _azure.Trains()(execution);
            }
            else
            {
                await _azure.BeatAsync(0, TrainingState.Stopped);
                execution.Status = "Failed";
            }
        }

        foreach (FakeJob job in jobs)
            job.OnLook = LookAsync;

        Assert.True((await _azure.RunAsync()).Output.Promoted);
    }

    [Fact]
    public async Task A_machine_that_slept_for_days_has_not_trained_for_days()
    {
        Func<FakeExecution, Task> trains = _azure.Trains();
        _azure.A100.OnLook = async execution =>
        {
            if (execution.Looks == 1)
                _azure.Time.Advance(2 * TrainModel.Deadline);
            await trains(execution);
        };

        Assert.True((await _azure.RunAsync()).Output.Promoted);
    }

    [Fact]
    public async Task One_that_trains_for_longer_than_a_day_is_stopped()
    {
        _azure.A100.OnLook = _ => _azure.BeatAsync(1);
        DateTimeOffset began = _azure.Time.GetUtcNow();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(_azure.RunAsync);

        Assert.Contains("was not done after 24 hours (1 epochs)", error.Message, StringComparison.Ordinal);
        Assert.InRange(_azure.Time.GetUtcNow() - began, TrainModel.Deadline, TrainModel.Deadline + TimeSpan.FromMinutes(30));
        Assert.True(_azure.A100.Executions[0].StopRequested);
    }

    [Fact]
    public async Task Succeeded_without_the_marker_is_not_done()
    {
        _azure.A100.OnLook = execution => Become(execution, "Succeeded");
        _azure.T4.OnLook = _azure.Trains();

        Assert.True((await _azure.RunAsync()).Output.Promoted);

        AssertStarts(1, 1, 0);
    }

    [Fact]
    public async Task An_execution_that_vanished_is_started_again()
    {
        _azure.A100.OnLook = async execution =>
        {
            if (execution.Name == "a100-1")
            {
                await _azure.BeatAsync(1);
                _azure.A100.Forget(execution);
            }
            else
            {
                await _azure.Trains(fromEpoch: 1)(execution);
            }
        };

        Assert.True((await _azure.RunAsync()).Output.Promoted);

        AssertStarts(2, 0, 0);
    }

    [Fact]
    public async Task Azure_that_is_slow_down_and_overloaded_in_turn_costs_only_time()
    {
        _azure.Arm.LooksUntilStarted = 2;
        foreach (int status in new[] { 429, 500, 503, 429, 500 })
            _azure.Arm.Faults.Enqueue((status, "0"));
        _azure.A100.OnLook = _azure.Trains();

        Assert.True((await _azure.RunAsync()).Output.Promoted);

        AssertStarts(1, 0, 0);
    }

    [Fact]
    public async Task Where_no_profile_trains_it_ends_and_says_what_was_tried_last()
    {
        _azure.A100.Refusal = (400, "Quota");
        _azure.T4.OnLook = execution => Become(execution, "Failed");
        _azure.Cpu.Refusal = (400, "NoCapacity");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(_azure.RunAsync);

        Assert.Contains("cpu (Consumption), choice 3 of 3: refused, 400 NoCapacity", error.Message, StringComparison.Ordinal);
        AssertStarts(0, 1, 0);
        Assert.Equal(
            TrainModel.MaxFruitlessStarts - 1,
            _azure.Arm.Requests.Count(request => request.Path.EndsWith("/cpu/start", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Terminated_on_the_engine_it_stops_the_execution()
    {
        using var folder = TestFolder.Create("engine");
        var looked = new TaskCompletionSource();
        _azure.A100.OnLook = async _ =>
        {
            await _azure.BeatAsync(1);
            looked.TrySetResult();
        };
        await using var engine = new WorkflowEngine(
            new WorkflowEngineOptions { JournalPath = folder.File("journal.db") },
            PipelineCatalog.Create(),
            _azure.Services,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await engine.StartAsync(Cancel);
        await engine.StartAsync(TrainModel.Ref, new TrainModelInput("test", null, Force: false, null), TrainingInAzure.RunId, Cancel);
        await looked.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel);

        await engine.TerminateAsync(TrainingInAzure.RunId, "enough", Cancel);

        await Eventually.TrueAsync(() => _azure.A100.Executions[0].StopRequested);
        AssertStarts(1, 0, 0);
    }

    private async Task KilledAsync(FakeExecution execution, int epoch)
    {
        await _azure.BeatAsync(epoch);
        execution.ExitCode = 137;
        execution.Status = "Failed";
    }

    private static Task Become(FakeExecution execution, string status)
    {
        execution.Status = status;
        return Task.CompletedTask;
    }

    private void AssertStarts(int a100, int t4, int cpu) =>
        Assert.Equal((a100, t4, cpu), (_azure.A100.Starts, _azure.T4.Starts, _azure.Cpu.Starts));
}
