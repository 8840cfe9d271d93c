using System.Diagnostics;
using KeypointPipeline.Local.Engine;
using KeypointPipeline.Port;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KeypointPipeline.Local.Tests.Engine;

public sealed class KillTests
{
    private const int Kills = 10;

    [Fact]
    public async Task A_process_killed_at_random_moments_comes_to_the_undisturbed_end()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("killed-");
        try
        {
            int killed = 0;
            for (int i = 0; i < Kills; i++)
                killed += await RunAndKillAsync(folder.FullName) ? 1 : 0;
            Assert.InRange(killed, Kills / 2, Kills);

            string output = await FinishAsync(folder.FullName);
            Assert.Equal(KilledWorkflow.Expected, output);
            AssertEveryStepRan(folder.FullName, killed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Kills the process after a random number of further steps.</summary>
    /// <returns>False where it had ended before.</returns>
    private static async Task<bool> RunAndKillAsync(string folder)
    {
        int wanted = Lines(folder).Length + Random.Shared.Next(1, KilledWorkflow.Steps / Kills);
        using Process process = KilledProcess.Start(folder);
        await Eventually.TrueAsync(() => process.HasExited || Lines(folder).Length >= wanted, "some steps");
        bool alive = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync();
        Assert.True(alive || process.ExitCode == 0, await process.StandardError.ReadToEndAsync());
        return alive;
    }

    private static async Task<string> FinishAsync(string folder)
    {
        using Process process = KilledProcess.Start(folder);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await process.StandardError.ReadToEndAsync());

        await using var engine = new WorkflowEngine(
            new WorkflowEngineOptions { JournalPath = KilledProcess.JournalIn(folder) },
            KilledWorkflow.Catalog(KilledProcess.LinesIn(folder)), null!, TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        WorkflowStatus status = (await engine.GetAsync("id", CancellationToken.None))!;
        Assert.Equal(WorkflowRuntimeStatus.Completed, status.RuntimeStatus);
        return status.Output!.Value.GetString()!;
    }

    /// <summary>No step is missing, each is recorded once, and only those without a record at a kill ran again: at most a round's
    /// and one of each child, because no more can be asked for before these are recorded.</summary>
    private static void AssertEveryStepRan(string folder, int killed)
    {
        string[] lines = Lines(folder);
        Assert.Equal(KilledWorkflow.Steps, lines.Distinct().Count());
        Assert.InRange(lines.Length, KilledWorkflow.Steps, KilledWorkflow.Steps + (killed * (KilledWorkflow.StepsPerRound + KilledWorkflow.Children)));
        Assert.Equal(KilledWorkflow.Steps, JournalPeek.Count(KilledProcess.JournalIn(folder), "kind = 3"));
    }

    private static string[] Lines(string folder) =>
        File.Exists(KilledProcess.LinesIn(folder)) ? File.ReadAllLines(KilledProcess.LinesIn(folder)) : [];
}
