namespace KeypointPipeline.Local.Commands.Data;

/// <summary>Shows the progress of a download.</summary>
internal static class DownloadBar
{
    /// <summary>Runs a download. A command that prints JSON shows no bar.</summary>
    public static Task RunAsync(string description, bool asJson, Func<IProgress<double>?, Task> download) =>
        asJson ? download(null) : ConsoleProgress.RunAsync(description, download);
}
