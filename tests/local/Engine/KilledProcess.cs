using System.Diagnostics;
using KeypointPipeline.Local.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeypointPipeline.Local.Tests.Engine;

/// <summary>A process of its own that runs <see cref="KilledWorkflow"/> until it is killed or done.</summary>
internal static class KilledProcess
{
    public const string FolderVariable = "KEYPOINTS_KILLED_PROCESS_FOLDER";

    public static string JournalIn(string folder) => Path.Combine(folder, "journal.db");

    public static string LinesIn(string folder) => Path.Combine(folder, "lines.txt");

    /// <summary>Starts it: this test assembly again, entered through <see cref="StartupHook"/>.</summary>
    public static Process Start(string folder)
    {
        string assembly = typeof(KilledProcess).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[FolderVariable] = folder;
        return Process.Start(start)!;
    }

    public static async Task RunAsync(string folder)
    {
        await using var engine = new WorkflowEngine(
            new WorkflowEngineOptions { JournalPath = JournalIn(folder), MaxParallelSteps = 4 },
            KilledWorkflow.Catalog(LinesIn(folder)), NoServices.Instance, TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        await engine.StartAsync(KilledWorkflow.Ref, "", "id", CancellationToken.None);
        while (await engine.GetAsync("id", CancellationToken.None) is not { HasEnded: true })
            await Task.Delay(5);
    }
}
