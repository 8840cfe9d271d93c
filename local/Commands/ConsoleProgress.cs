using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary>One progress bar where somebody watches, nothing where output goes to a file.</summary>
internal static class ConsoleProgress
{
    /// <summary>Whether somebody watches.</summary>
    public static bool IsShown => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>Runs work that reports the share done, 0 to 1.</summary>
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

    /// <summary>Reports on the caller's thread, in order.</summary>
    private sealed class DirectProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
