using System.CommandLine;
using Azure.Storage.Blobs;
using KeypointPipeline.Storage;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.TrainerJob.Tracing;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary><c>keypoint-trainer run</c>: carries out a run that lies in storage.</summary>
internal static class RunCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var runId = new Option<string>("--run-id") { Description = "The run: its request is blob runs/{run-id}/request.json", Required = true };
        runId.Validators.Add(result =>
        {
            if (!result.GetValueOrDefault<string>().All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                result.AddError("--run-id takes letters, digits, '-', '_' and '.' only.");
        });
        var cache = new Option<DirectoryInfo?>("--cache")
        {
            Description = "Folder for the run's datasets, where a next start finds them; nobody else may write there. Without it one in the system's temporary folder",
        };
        var command = new Command("run", "Carry out a run that lies in storage; the storage account comes from the environment:\n\n"
            + $"  {StorageConnection.ConnectionStringVariable}      a connection string, or\n"
            + $"  {StorageConnection.EndpointVariable}  an account's blob endpoint, opened with the process's own identity\n\n"
            + $"{TraceParent.Variable} (W3C) names the trace to continue; {TraceExport.ConnectionStringVariable} says where traces go; "
            + $"{TrainingDevice.Variable} (auto, cpu or cuda) says what to compute on, "
            + $"{TrainingPrecision.Variable} (auto, float32 or bfloat16) in what.")
        {
            runId, cache,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(runId), parsed.GetValue(cache)));
        return command;
    }

    private static async Task<int> RunAsync(string runId, DirectoryInfo? cacheFolder)
    {
        BlobServiceClient service = StorageConnection.Open();
        using ILoggerFactory logs = ConsoleLogs.Create(LogLevel.Information);
        ILogger logger = logs.CreateLogger("trainer");
        using var signals = new StopSignals();
        using IDisposable? traces = TraceExport.Start(Environment.GetEnvironmentVariable);

        // The same folder after a restart, so that datasets need not come again.
        string cache = Path.Combine(
            cacheFolder?.FullName ?? Path.Combine(Path.GetTempPath(), "keypoint-trainer"), $"{service.AccountName}-{runId}");
        Directory.CreateDirectory(cache);
        var folder = new BlobRunFolder(new PipelineStorage(service), runId, cache, TimeProvider.System, logger);
        var runner = new TrainingRunner(
            folder,
            TimeProvider.System,
            logger,
            epoch => logger.LogInformation(
                "Epoch {Epoch}: loss {Loss:0.000}, validation {Rmse:0.000} px, {Speed:0} images/s",
                epoch.Epoch, epoch.TrainingLoss, epoch.ValidationRmse, epoch.ImagesPerSecond),
            Environment.GetEnvironmentVariable(TrainingDevice.Variable),
            Environment.GetEnvironmentVariable(TrainingPrecision.Variable));
        int code = await runner.RunAsync(signals.Requested, TraceParent.Read(Environment.GetEnvironmentVariable(TraceParent.Variable)));
        if (code == TrainerExitCode.Completed)
            Directory.Delete(cache, recursive: true);
        return code;
    }
}
