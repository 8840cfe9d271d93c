using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.Data.Sqlite;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine.Journal;

public sealed class JournalTests
{
    private static WorkflowCatalog Catalog() => new WorkflowCatalog()
        .Workflow("echo", (_, input) => Task.FromResult(input))
        .Workflow("wait", async (context, _) => await context.WaitForEventAsync("go", Timeout.InfiniteTimeSpan) ?? "");

    [Fact]
    public async Task A_file_that_is_not_a_database_is_refused_by_name_and_left_alone()
    {
        await using EngineHarness harness = EngineHarness.NotStarted(Catalog());
        string text = string.Concat(Enumerable.Repeat("This is a letter to my aunt. ", 100));
        await File.WriteAllTextAsync(harness.JournalPath, text);

        var error = await Assert.ThrowsAsync<InvalidDataException>(harness.StartAsync);

        Assert.Contains($"{harness.JournalPath} is not a workflow journal", error.Message);
        Assert.Equal(text, await File.ReadAllTextAsync(harness.JournalPath));
    }

    [Fact]
    public async Task Another_programs_database_is_refused_by_name()
    {
        await using EngineHarness harness = EngineHarness.NotStarted(Catalog());
        JournalPeek.Execute(harness.JournalPath, "CREATE TABLE recipes (name TEXT)");

        var error = await Assert.ThrowsAsync<InvalidDataException>(harness.StartAsync);

        Assert.Contains($"{harness.JournalPath} is not a workflow journal", error.Message);
    }

    [Fact]
    public async Task A_newer_programs_journal_is_refused_with_both_versions()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        await harness.Engine.DisposeAsync();
        JournalPeek.Execute(harness.JournalPath, "PRAGMA user_version = 7");

        var error = await Assert.ThrowsAsync<InvalidDataException>(harness.StartAsync);

        Assert.Contains("version 7, but this program reads version 1", error.Message);
    }

    [Fact]
    public async Task A_lock_that_another_process_holds_for_a_moment_is_waited_for()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        using var other = new SqliteConnection($"Data Source={harness.JournalPath};Pooling=False");
        other.Open();
        SqliteTransaction held = other.BeginTransaction();

        Task start = harness.StartWorkflowAsync("echo", "x");
        await Task.Delay(200);
        Assert.False(start.IsCompleted);
        await held.DisposeAsync();
        await start;

        Assert.Equal("x", await harness.OutputAsync());
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_stops_the_engine_loudly_and_loses_nothing_that_was_accepted()
    {
        await using EngineHarness harness = await EngineHarness.StartAsync(Catalog());
        await harness.StartWorkflowAsync("wait", id: "accepted");
        await Eventually.TrueAsync(() => JournalPeek.Count(harness.JournalPath, "kind = 10") == 1, "the wait");
        JournalPeek.Execute(harness.JournalPath, "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => harness.Client.RaiseEventAsync("accepted", "go", "lost?", CancellationToken.None));

        Assert.Contains("disk full", refused.Message);
        JournalException fault = await Assert.ThrowsAsync<JournalException>(() => harness.Engine.Completion);
        Assert.Contains(harness.JournalPath, fault.Message);
        Assert.Contains(harness.Log.Lines, line => line.StartsWith("Critical: The workflow engine stops") && line.Contains("disk full"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.StartWorkflowAsync("echo", id: "refused"));

        await harness.Engine.StopAsync(CancellationToken.None);
        JournalPeek.Execute(harness.JournalPath, "DROP TRIGGER full");
        await harness.StartAsync();
        await harness.Client.RaiseEventAsync("accepted", "go", "found", CancellationToken.None);
        Assert.Equal("found", await harness.OutputAsync("accepted"));
    }
}
