using System.CommandLine;
using Azure.Storage.Blobs;
using KeypointPipeline.Errors;
using KeypointPipeline.Storage;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.TrainerJob.Tracing;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary><c>run</c>: trains a run whose request is in storage.</summary>
internal static class RunCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var runId = new Option<string>(TrainerCommandLine.RunId)
        {
            Description = $"The run, whose request is blob {BlobLayout.Runs}/{{id}}/{TrainingRunFiles.Request}",
            HelpName = "id",
            Required = true,
        };
        runId.Validators.Add(result =>
        {
            if (!result.GetValueOrDefault<string>().All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                result.AddError($"{TrainerCommandLine.RunId} takes letters, digits, '-', '_' and '.' only.");
        });
        var cache = new Option<DirectoryInfo?>(TrainerCommandLine.Cache)
        {
            Description = "Folder for downloaded datasets, which the next start uses again. It must not be writable by others. Default: a folder among the system's temporary files",
            HelpName = "folder",
        };
        var command = new Command(TrainerCommandLine.Run, "Train a run whose request is in storage.\n\n"
            + "Environment variables:\n"
            + $"  {TrainerVariables.Storage}      a connection string, or\n"
            + $"  {TrainerVariables.StorageUri}  an account's blob endpoint, opened with the identity of the process\n"
            + $"  {TrainerVariables.Device}       where to train: auto (default; a GPU if there is one), cpu or cuda\n"
            + $"  {TrainerVariables.Precision}    precision of convolutions: auto (default; the faster one), float32 or bfloat16\n"
            + $"  {TrainerVariables.Memory}       memory that the training may use: auto (default; what is available), a size such as 12GB, or any\n"
            + $"  {TrainerVariables.TraceParent}            the trace to continue (W3C)\n"
            + $"  {TrainerVariables.Insights}  the Application Insights resource that receives traces")
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
        using var log = new RunLog(TimeProvider.System);
        logs.AddProvider(log);
        ILogger logger = logs.CreateLogger("trainer");
        using var signals = new StopSignals();
        using IDisposable? traces = TraceExport.Start(Environment.GetEnvironmentVariable);

        // A restart uses the same folder, so that it need not download the datasets again.
        string cache = Path.Combine(
            cacheFolder?.FullName ?? Path.Combine(Path.GetTempPath(), TrainerCommandLine.Program), $"{service.AccountName}-{runId}");
        Directory.CreateDirectory(cache);
        var folder = new BlobRunFolder(new PipelineStorage(service), runId, cache, TimeProvider.System, logger);
        var runner = new TrainingRunner(
            folder,
            TimeProvider.System,
            logger,
            (epoch, plan) =>
            {
                if (EpochLines.IsShown(epoch, plan))
                {
                    logger.LogInformation(
                        "Epoch {Epoch} of {Epochs}: loss {Loss:0.000}, validation {Rmse:0.000} px, {Speed:0} images/s",
                        epoch.Epoch, plan.Epochs, epoch.TrainingLoss, epoch.ValidationRmse, epoch.ImagesPerSecond);
                }
            },
            Environment.GetEnvironmentVariable(TrainerVariables.Device),
            Environment.GetEnvironmentVariable(TrainerVariables.Precision))
        {
            Log = log,
            MemoryWish = Environment.GetEnvironmentVariable(TrainerVariables.Memory),
        };
        int code = await runner.RunAsync(signals.Requested, TraceParent.Read(Environment.GetEnvironmentVariable(TrainerVariables.TraceParent)));
        if (code == ExitCodes.Success)
            Directory.Delete(cache, recursive: true);
        return code;
    }
}
