using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary>Shows a progress bar in an interactive terminal, and nothing if the output goes to a file.</summary>
internal static class ConsoleProgress
{
    /// <summary>Gets whether the output goes to an interactive terminal.</summary>
    public static bool IsShown => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>Runs work and shows its progress. The work reports the share done, 0 to 1.</summary>
    public static Task RunAsync(string description, Func<IProgress<double>, Task> work)
    {
        if (!IsShown)
            return work(new DirectProgress(_ => { }));
        return AnsiConsole.Progress().StartAsync(async progress =>
        {
            ProgressTask task = progress.AddTask(description, maxValue: 1);
            await work(new DirectProgress(share => task.Value = share));
            task.Value = 1;
        });
    }

    /// <summary>Reports on the caller's thread, so that the reports keep their order.</summary>
    private sealed class DirectProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
