using System.CommandLine;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary><c>train</c>: trains on plain files, without storage. <c>keypoints train</c> passes its whole command line on to it.</summary>
internal static class TrainCommand
{
    /// <summary>The option for the rows to learn from.</summary>
    public const string Data = "--data";

    /// <summary>The option for the rows to validate on.</summary>
    public const string Validation = "--validation";

    /// <summary>The option that states mirror pairs.</summary>
    public const string Mirror = "--mirror";

    /// <summary>The option that states the frame size.</summary>
    public const string Frame = "--frame";

    /// <summary>The option for the rows that measure the finished model.</summary>
    public const string Test = "--test";

    /// <summary>Describes the command.</summary>
    /// <param name="program">The program that the user called.</param>
    public static Command Create(CalledProgram program)
    {
        var defaults = new TrainingSettings();
        var data = new Option<string>(Data)
        {
            Description = $"Labelled {FileNames.DatasetEndings} (Kaggle's training.zip as downloaded), or a prepared folder",
            HelpName = "file",
            Required = true,
        };
        var validation = new Option<string?>(Validation)
        {
            Description = "Labelled file that chooses the best epoch; then nothing is held out of the data. Without it, a tenth of the rows is held out",
            HelpName = "file",
        };
        var test = new Option<string?>(Test)
        {
            Description = $"Labelled file that measures the finished model, once. Without it and without {Validation}, a tenth of the rows is held out",
            HelpName = "file",
        };
        var mirror = new Option<string?>(Mirror)
        {
            Description = $"Keypoints that change places in mirrored images, such as eye_l:eye_r,brow_l:brow_r, or {MirrorStatement.NoPairs}. Without it, "
                + "the sidecar or the names say it",
            HelpName = "pairs",
        };
        var frame = new Option<string?>(Frame)
        {
            Description = $"Width and height of the frame, for example 128x160. Pictures that labels name have {PictureFraming.DefaultFrame.Width}x{PictureFraming.DefaultFrame.Height} "
                + $"without it, and at most {PictureFraming.MaximumSide} a side. For tables with pixels it says how the pixels lie",
            HelpName = "size",
        };
        var output = new Option<string>(TrainerCommandLine.Output)
        {
            Description = "Folder for the model, the metrics and the checkpoint",
            HelpName = "folder",
            Required = true,
        };
        var epochs = new Option<int?>("--epochs") { Description = $"Passes over the rows (default {TrainingLength.Description})", HelpName = "number" };
        var seed = new Option<int?>("--seed")
        {
            Description = $"On one machine's CPU, the same seed gives the same model, byte for byte (default {defaults.Seed})",
            HelpName = "number",
        };
        var network = new Option<string?>("--network") { Description = $"One of the networks above (default {defaults.Network})", HelpName = "name" };
        var batchSize = new Option<int?>("--batch-size") { Description = $"Images per step (default {defaults.BatchSize})", HelpName = "number" };
        var patience = new Option<int?>("--patience")
        {
            Description = "Stop early after this many epochs without a better validation error (default "
                + $"{(defaults.Patience is int number ? number : "never")})",
            HelpName = "number",
        };
        var resume = new Option<bool>(TrainerCommandLine.Resume)
        {
            Description = $"Continue the training in {TrainerCommandLine.Output} from its checkpoint, with its settings",
        };
        var command = new Command(TrainerCommandLine.Train, TrainHelp.Describe(program))
        {
            data, validation, test, mirror, frame, output, epochs, seed, network, batchSize, patience, resume,
        };
        command.SetAction((parsed, _) => RunAsync(
            new TrainOptions(
                parsed.GetRequiredValue(data),
                parsed.GetValue(validation),
                parsed.GetValue(test),
                parsed.GetValue(mirror),
                parsed.GetValue(frame),
                parsed.GetRequiredValue(output),
                parsed.GetValue(epochs),
                parsed.GetValue(seed),
                parsed.GetValue(network),
                parsed.GetValue(batchSize),
                parsed.GetValue(patience),
                parsed.GetValue(resume)),
            program.ResumingCommand(parsed.Tokens.Select(token => token.Value))));
        return command;
    }

    private static async Task<int> RunAsync(TrainOptions options, string resumingCommand)
    {
        using ILoggerFactory logs = ConsoleLogs.Create(LogLevel.Warning);
        using var signals = new StopSignals();
        try
        {
            LocalRunFolder folder = await LocalRunPlan.PrepareAsync(options, Console.Out, TimeProvider.System, signals.Requested);
            var runner = new TrainingRunner(
                folder,
                TimeProvider.System,
                logs.CreateLogger("trainer"),
                new EpochLines(Console.Out).Write,
                Environment.GetEnvironmentVariable(TrainerVariables.Device),
                Environment.GetEnvironmentVariable(TrainerVariables.Precision))
            {
                MeasuresTest = true,
                MemoryWish = Environment.GetEnvironmentVariable(TrainerVariables.Memory),
            };
            int code = await runner.RunAsync(signals.Requested);
            if (code == ExitCodes.DoesNotFit)
                await LocalRunPlan.AbandonAsync(folder, options.Output);
            Console.WriteLine(await ConcludeAsync(code, folder, options.Output, resumingCommand));
            return code;
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            // While the data was prepared: there is no checkpoint yet, and resuming starts from the beginning.
            Console.WriteLine(Stopped(resumingCommand));
            return ExitCodes.Stopped;
        }
    }

    /// <summary>The last line: what came of the training and what to do next.</summary>
    private static async Task<string> ConcludeAsync(int code, LocalRunFolder folder, string output, string resumingCommand)
    {
        switch (code)
        {
            case ExitCodes.Success:
                TrainingResult result = (await folder.ReadDocumentAsync<TrainingResult>(TrainingRunFiles.Result, CancellationToken.None))!;
                string validation = result.ValidationRmse is double rmse ? $", validation error {rmse:0.000} px" : string.Empty;
                TrainingRequest request = (await folder.ReadDocumentAsync<TrainingRequest>(TrainingRunFiles.Request, CancellationToken.None))!;
                string warning = request.Rows?.Warning is string text ? $"{Environment.NewLine}{text}" : string.Empty;
                string curve = await folder.ExistsAsync(TrainingRunFiles.Curve, CancellationToken.None)
                    ? $"{Environment.NewLine}Learning curve: {Path.Combine(output, TrainingRunFiles.Curve)} and {TrainingRunFiles.CurvePicture}"
                    : string.Empty;
                return $"{Path.Combine(output, TrainingRunFiles.Model)}: {result.EpochsTrained} epochs{validation}{DescribeTest(result)}, "
                    + $"{result.TrainingSeconds:0} s{curve}{warning}";
            case ExitCodes.Stopped:
                return Stopped(resumingCommand);
            case ExitCodes.AlreadyRunning:
                return $"Another training runs in {output}. Wait for it, or choose another {TrainerCommandLine.Output}.";
            case ExitCodes.DoesNotFit:
                return "Nothing was trained; the reason is above.";
            default:
                return $"The training failed; the reason is above. Once that is fixed, continue with: {resumingCommand}";
        }
    }

    private static string DescribeTest(TrainingResult result)
    {
        if (result.TestRmse is not double rmse)
            return string.Empty;
        string few = ModelComparison.AreEnough(result.TestRows, result.TestComponents) ? "" : ", too few to measure it";
        return $", test error {rmse:0.000} px on {result.TestRows:N0} rows of {result.TestComponents:N0} groups{few}";
    }

    private static string Stopped(string resumingCommand) => $"Stopped. Continue with: {resumingCommand}";
}
