using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Training;
using KeypointPipeline.Serialization;
using KeypointPipeline.Training;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints train</c>: a training on plain files, in the trainer's own process.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var data = new Option<FileInfo>("--data") { Description = $"Labelled {FileNames.DatasetEndings} (Kaggle's training.zip as downloaded)", Required = true };
        var validation = new Option<FileInfo?>("--validation") { Description = "Labelled file to validate on; without it a tenth of the rows is held out" };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder for model.onnx, metrics.jsonl and the checkpoint", Required = true };
        var epochs = new Option<int?>("--epochs") { Description = "Passes over the rows (default 150)" };
        var seed = new Option<int?>("--seed") { Description = "The same seed gives the same model, byte for byte (default 1)" };
        var network = new Option<string?>("--network") { Description = "Network: pyramid-resnet (default), ml-resnet, ml-resnet-small, ml-resnet-plain or plain-cnn" };
        var resume = new Option<bool>("--resume") { Description = "Continue an interrupted training in --out exactly where its checkpoint stands" };

        var command = new Command("train", "Train a model on a labelled file, without a storage server\n\n"
            + "  keypoints train --data training.zip --out my-model --seed 1")
        {
            data, validation, output, epochs, seed, network, resume,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            DirectoryInfo folder = parsed.GetRequiredValue(output);
            List<string> arguments = ["train", "--data", parsed.GetRequiredValue(data).FullName, "--out", folder.FullName];
            AddOption(arguments, "--validation", parsed.GetValue(validation)?.FullName);
            AddOption(arguments, "--epochs", parsed.GetValue(epochs)?.ToString());
            AddOption(arguments, "--seed", parsed.GetValue(seed)?.ToString());
            AddOption(arguments, "--network", parsed.GetValue(network));
            if (parsed.GetValue(resume))
                arguments.Add("--resume");
            return RunAsync(arguments, folder.FullName, cancellationToken);
        });
        return command;
    }

    private static void AddOption(List<string> arguments, string name, string? value)
    {
        if (value is not null)
            arguments.AddRange([name, value]);
    }

    private static async Task<int> RunAsync(List<string> arguments, string folder, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = TrainerProgram.Start(arguments);
        bool interactive = ConsoleProgress.IsShown;
        start.RedirectStandardOutput = interactive;
        using Process trainer = Process.Start(start) ?? throw new CommandException("The trainer could not be started.");

        // The trainer saves a checkpoint when asked to end, so a Ctrl-C here waits for it.
        ProcessIdentity? identity = ProcessIdentity.Of(trainer.Id);
        using CancellationTokenRegistration ending = cancellationToken.Register(() =>
        {
            if (identity is not null)
                ProcessSignals.RequestEnd(identity);
        });
        if (interactive)
            await ShowProgressAsync(trainer, folder);
        await trainer.WaitForExitAsync(CancellationToken.None);
        return trainer.ExitCode;
    }

    private static async Task ShowProgressAsync(Process trainer, string folder)
    {
        Task<string> printed = trainer.StandardOutput.ReadToEndAsync();
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async progress =>
            {
                ProgressTask task = progress.AddTask("starting", maxValue: 1);
                while (!trainer.HasExited)
                {
                    if (ReadStatus(folder) is TrainingStatus status)
                    {
                        task.MaxValue = status.Epochs;
                        task.Value = status.Epoch;
                        task.Description = TrainingText.Describe(status);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(500));
                }
            });
        string lastLine = (await printed).TrimEnd().Split('\n')[^1];
        AnsiConsole.WriteLine(lastLine);
    }

    private static TrainingStatus? ReadStatus(string folder)
    {
        try
        {
            return PipelineJson.Read<TrainingStatus>(File.ReadAllText(Path.Combine(folder, TrainingRunFiles.Status)));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
