using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;
using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Training;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints train</c>: trains on plain files, in the trainer's own process. The trainer declares the options; this command
/// adds a progress bar.</summary>
internal static class TrainCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create() => PassedOnCommand.Create(
        TrainerCommandLine.Train,
        "Train a model on a labelled file, without a storage server\n\n  keypoints train --data training.zip --out my-model --seed 1",
        RunAsync);

    /// <summary>Finds the folder that the trainer will fill, by the rules that the trainer's own parser follows.</summary>
    /// <returns>Null if the trainer will not train: the option is missing, or the user asks for help.</returns>
    internal static string? FindOutput(IReadOnlyList<string> arguments)
    {
        var output = new Option<string?>(TrainerCommandLine.Output);
        var help = new HelpOption();
        ParseResult parsed = new Command(TrainerCommandLine.Train) { TreatUnmatchedTokensAsErrors = false, Options = { output, help } }
            .Parse(arguments);
        return parsed.Errors.Count == 0 && parsed.GetResult(help) is null ? parsed.GetValue(output) : null;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = TrainerProgram.Start([TrainerCommandLine.Train, .. arguments]);
        start.Environment[TrainerVariables.CalledAs] = KeypointsCommand.In(Environment.CurrentDirectory);
        string? shownFolder = ConsoleProgress.IsShown ? FindOutput(arguments) : null;
        start.RedirectStandardOutput = shownFolder is not null;
        using Process trainer = Process.Start(start) ?? throw new CommandException("The trainer could not be started.");

        // The trainer saves a checkpoint before it ends, so this command waits for it. Windows sends Ctrl-C to the trainer as well,
        // and RequestEnd would end it there before it has saved.
        ProcessIdentity? identity = ProcessIdentity.Of(trainer.Id);
        using CancellationTokenRegistration ending = cancellationToken.Register(() =>
        {
            if (identity is not null && !OperatingSystem.IsWindows())
                ProcessSignals.RequestEnd(identity);
        });
        if (shownFolder is not null)
            await ShowProgressAsync(trainer, shownFolder);
        await trainer.WaitForExitAsync(CancellationToken.None);
        if (DescribeKill(trainer.ExitCode, arguments) is string killed)
            Console.Error.WriteLine(killed);
        return trainer.ExitCode;
    }

    /// <summary>The line for a trainer that a signal ended before it could say anything.</summary>
    /// <param name="exitCode">The trainer's exit code.</param>
    /// <param name="arguments">The user's arguments after the verb.</param>
    /// <returns>Null if no signal ended it.</returns>
    internal static string? DescribeKill(int exitCode, IReadOnlyList<string> arguments) =>
        !OperatingSystem.IsWindows() && ExitCodes.DescribeSignal(exitCode) is string end
            ? $"The trainer was {end}. Continue with: "
                + TrainerCommandLine.Resuming(KeypointsCommand.In(Environment.CurrentDirectory), [TrainerCommandLine.Train, .. arguments])
            : null;

    private static async Task ShowProgressAsync(Process trainer, string folder)
    {
        Task<string> printed = trainer.StandardOutput.ReadToEndAsync();
        DateTimeOffset started = TimeProvider.System.GetUtcNow();
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async progress =>
            {
                ProgressTask task = progress.AddTask("starting", maxValue: 1);
                while (!trainer.HasExited)
                {
                    // An older heartbeat belongs to an earlier training in the folder.
                    if (JsonFile.Find<TrainingStatus>(Path.Combine(folder, TrainingRunFiles.Status)) is { } status && status.HeartbeatAt >= started)
                    {
                        task.MaxValue = Math.Max(1, status.Epochs);
                        task.Value = status.Epoch;
                        task.Description = TrainingText.Describe(status);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(500));
                }
            });

        // The bar has shown every epoch, so the last line, the result, is enough. A usage error needs the whole text. AnsiConsole would
        // break a command that the user copies into several lines.
        string text = (await printed).TrimEnd();
        if (text.Length > 0)
            Console.WriteLine(trainer.ExitCode == ExitCodes.Usage ? text : text.Split('\n')[^1]);
    }
}
