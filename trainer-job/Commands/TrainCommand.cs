using System.CommandLine;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary><c>keypoint-trainer train</c>: a training on plain files, without storage.</summary>
internal static class TrainCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        string networks = string.Join(", ", NetworkRegistry.All.Select(network => $"{network.Name} ({network.Description})"));
        var data = new Option<string>("--data") { Description = "Labelled .csv, .csv.gz or .zip, or a prepared folder", Required = true };
        var validation = new Option<string?>("--validation") { Description = "The same, to measure on; without it about a tenth of the rows is held out" };
        var output = new Option<string>("--out") { Description = "Folder for the model, the metrics and the checkpoint", Required = true };
        var epochs = new Option<int?>("--epochs") { Description = "Passes over the rows (default 150)" };
        var seed = new Option<int?>("--seed") { Description = "The same seed gives the same model (default 1)" };
        var network = new Option<string?>("--network") { Description = $"{networks}; default pyramid-resnet" };
        var batchSize = new Option<int?>("--batch-size") { Description = "Images per step (default 64)" };
        var patience = new Option<int?>("--patience") { Description = "Epochs without a better validation error before stopping (default: never)" };
        var resume = new Option<bool>("--resume") { Description = "Go on with the training that lies in --out" };
        var command = new Command("train", "Train on plain files\n\n  keypoint-trainer train --data training.zip --out my-model --epochs 40\n\n"
            + $"{TrainingDevice.Variable} (auto, cpu or cuda) says what to compute on, "
            + $"{TrainingPrecision.Variable} (auto, float32 or bfloat16) in what.")
        {
            data, validation, output, epochs, seed, network, batchSize, patience, resume,
        };
        command.SetAction((parsed, _) => RunAsync(new TrainOptions(
            parsed.GetRequiredValue(data),
            parsed.GetValue(validation),
            parsed.GetRequiredValue(output),
            parsed.GetValue(epochs),
            parsed.GetValue(seed),
            parsed.GetValue(network),
            parsed.GetValue(batchSize),
            parsed.GetValue(patience),
            parsed.GetValue(resume))));
        return command;
    }

    private static async Task<int> RunAsync(TrainOptions options)
    {
        using ILoggerFactory logs = ConsoleLogs.Create(LogLevel.Warning);
        using var signals = new StopSignals();
        LocalRunFolder folder = await LocalRunPlan.PrepareAsync(options, Console.Out, TimeProvider.System, signals.Requested);
        TrainingRequest request = (await folder.ReadDocumentAsync<TrainingRequest>(TrainingRunFiles.Request, signals.Requested))!;
        var runner = new TrainingRunner(
            folder,
            TimeProvider.System,
            logs.CreateLogger("trainer"),
            epoch => Console.WriteLine(Describe(epoch, request.Settings.Epochs)),
            Environment.GetEnvironmentVariable(TrainingDevice.Variable),
            Environment.GetEnvironmentVariable(TrainingPrecision.Variable));
        int code = await runner.RunAsync(signals.Requested);
        Console.WriteLine(await ConcludeAsync(code, folder, options));
        return code;
    }

    private static string Describe(EpochMetrics epoch, int epochs)
    {
        string validation = epoch.ValidationRmse is double rmse ? $"  validation {rmse:0.000} px" : string.Empty;
        return $"epoch {epoch.Epoch} of {epochs}  loss {epoch.TrainingLoss:0.0000}{validation}  {epoch.ImagesPerSecond:0} images/s";
    }

    private static async Task<string> ConcludeAsync(int code, LocalRunFolder folder, TrainOptions options)
    {
        string again = $"go on with: keypoint-trainer train --data \"{options.Data}\" --out \"{options.Output}\" --resume";
        switch (code)
        {
            case TrainerExitCode.Completed:
                TrainingResult result = (await folder.ReadDocumentAsync<TrainingResult>(TrainingRunFiles.Result, CancellationToken.None))!;
                string measured = result.ValidationRmse is double rmse ? $", validation error {rmse:0.000} px" : string.Empty;
                return $"{Path.Combine(options.Output, TrainingRunFiles.Model)}: {result.EpochsTrained} epochs{measured}, {result.TrainingSeconds:0} s";
            case TrainerExitCode.Stopped:
                return $"stopped; {again}";
            case TrainerExitCode.AlreadyRunning:
                return $"another trainer is at work in {options.Output}; wait for it or choose another --out";
            default:
                return $"failed, see above; when that is mended, {again}";
        }
    }
}
