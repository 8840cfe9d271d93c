using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using KeypointPipeline.Errors;
using KeypointPipeline.Images;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Memory;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Onnx;
using KeypointPipeline.TrainerJob.Tracing;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Trains the run in a folder, from its request to its result or until it is stopped. When started again, it continues from
/// the checkpoint, on any device. If all starts computed on the CPU, the model is the same as without a stop.</summary>
/// <param name="folder">The run.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For people.</param>
/// <param name="onEpoch">Called after every epoch, on the training thread, with the plan as it is then.</param>
/// <param name="deviceWish">The value of <see cref="TrainerVariables.Device"/>, or null.</param>
/// <param name="precisionWish">The value of <see cref="TrainerVariables.Precision"/>, or null.</param>
public sealed class TrainingRunner(
    IRunFolder folder,
    TimeProvider time,
    ILogger logger,
    Action<EpochMetrics, EpochPlan>? onEpoch = null,
    string? deviceWish = null,
    string? precisionWish = null)
{
    /// <summary>How long a stopping trainer tries to write its last status. A platform that stops a job allows about 30 s.</summary>
    private static readonly TimeSpan LastWordTime = TimeSpan.FromSeconds(20);

    /// <summary>Epochs shorter than this share a checkpoint. A restart repeats the epochs after it, with the same result.</summary>
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(1);

    /// <summary>The value of <see cref="TrainerVariables.Memory"/>, or null.</summary>
    public string? MemoryWish { get; init; }

    /// <summary>The log that the run's folder keeps; null for none.</summary>
    public RunLog? Log { get; init; }

    /// <summary>Whether the result has the test error. In storage, a step of the pipeline measures it together with the champion's.</summary>
    public bool MeasuresTest { get; init; }

    /// <summary>Trains until the run is done or stopped.</summary>
    /// <param name="stop">Requests to save and stop.</param>
    /// <param name="parent">The activity that this run is part of, if any.</param>
    /// <returns>A <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(CancellationToken stop, ActivityContext parent = default)
    {
        using Activity? activity = TrainerActivities.Run(parent);
        try
        {
            int code = await RunAsync(activity, stop);
            activity?.SetTag(TrainerActivities.ExitCodeTag, code);
            return code;
        }
        catch (Exception e)
        {
            activity?.Fail(e);
            throw;
        }
    }

    private async Task<int> RunAsync(Activity? activity, CancellationToken stop)
    {
        await using IRunLock? runLock = await folder.TryLockAsync(stop);
        if (runLock is null)
        {
            logger.LogWarning("Another trainer works on this run");
            return ExitCodes.AlreadyRunning;
        }

        if (await folder.ExistsAsync(TrainingRunFiles.Result, stop))
        {
            logger.LogInformation("The run is already done");
            return ExitCodes.Success;
        }

        TrainingRequest request = await folder.ReadDocumentAsync<TrainingRequest>(TrainingRunFiles.Request, stop)
            ?? throw new InvalidDataException($"The run has no {TrainingRunFiles.Request}, so it was never planned.");
        activity?.SetTag(TrainerActivities.RunIdTag, request.RunId);
        if (Log is not null)
            await Log.ContinueAsync(folder, stop);
        var progress = new RunProgress(request.Settings.Epochs ?? 0);
        await using var reporter = new RunReporter(folder, progress, Log, time, logger);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, runLock.Lost, reporter.StopRequested);
        try
        {
            await TrainAsync(request, progress, end.Token);
            logger.LogInformation("The model is written");
            await SayLastWordAsync(reporter, TrainingState.Completed, fault: null);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (runLock.Lost.IsCancellationRequested)
        {
            return ExitCodes.AlreadyRunning;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            logger.LogInformation("Stopped; the next start continues from the checkpoint");
            await SayLastWordAsync(reporter, TrainingState.Stopped, fault: null);
            return ExitCodes.Stopped;
        }
        catch (Exception e) when (!StorageFailure.Is(e))
        {
            // Another start would fail in the same way, so a person has to look.
            if (e is InvalidDataException or UserErrorException)
                logger.LogError("The training failed: {Reason}", e.Message);
            else
                logger.LogError(e, "The training failed");
            activity?.Fail(e);
            await SayLastWordAsync(reporter, TrainingState.Failed, TrainingFault.Of(e));
            return e is DoesNotFitException ? ExitCodes.DoesNotFit : ExitCodes.Failed;
        }
    }

    private async Task TrainAsync(TrainingRequest request, RunProgress progress, CancellationToken cancellationToken)
    {
        request.Settings.Validate();
        (RunData data, Checkpoint? checkpoint) = await LoadAsync(request, cancellationToken);
        using RunData disposed = data;

        (byte[] model, TrainingResult result) = await TorchThread.RunAsync(() =>
        {
            Device device = TrainingDevice.Choose(deviceWish);
            ScalarType precision = TrainingPrecision.Choose(precisionWish, device.type);
            TrainerDevice description = TrainingDevice.Describe(device, precision);
            progress.ComputeOn(description);
            logger.LogInformation("Computing on {Device}", description);
            RequireMemory(request, data.Plan, device, precision);
            using TrainingRows rows = TrainingRows.Load(data.Datasets, data.Plan, request.Schema, device);

            // The session has its own copy of what the checkpoint holds, which may be gigabytes.
            (Checkpoint? start, checkpoint) = (checkpoint, null);
            using TrainingSession session = Train(request, rows, precision, start, progress, cancellationToken);
            (byte[] exported, TrainingResult done) = Export(request, rows, session);
            return (exported, MeasuresTest ? TestMeasurement.Take(exported, data, cancellationToken).AddTo(done) : done);
        });

        // The marker comes last: once it exists, everything exists.
        await folder.WriteAsync(TrainingRunFiles.Model, model, cancellationToken);
        await CurvePictures.WriteAsync(folder, progress.Metrics, logger, cancellationToken);
        await folder.WriteDocumentAsync(TrainingRunFiles.Result, result, cancellationToken);
    }

    /// <summary>Refuses a training that will not fit. What a GPU has is not known here, and what the trainer needs beside one is small.</summary>
    private void RequireMemory(TrainingRequest request, RowPlan plan, Device device, ScalarType precision)
    {
        if (device.type == DeviceType.CPU)
            MemoryCheck.Require(TrainingShape.Of(request, plan, precision == ScalarType.BFloat16), MemoryLimit.Find(MemoryWish, AvailableMemory.Find));
    }

    private async Task<(RunData Data, Checkpoint? Checkpoint)> LoadAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        using Activity? activity = TrainerActivities.Loading();
        Checkpoint? checkpoint = await ReadCheckpointAsync(cancellationToken);
        return (await RunData.FetchAsync(folder, request, cancellationToken), checkpoint);
    }

    private TrainingSession Train(
        TrainingRequest request,
        TrainingRows rows,
        ScalarType precision,
        Checkpoint? checkpoint,
        RunProgress progress,
        CancellationToken cancellationToken)
    {
        using Activity? activity = TrainerActivities.Training();
        activity?.SetTag(TrainerActivities.DeviceTag, rows.Training.Device.ToString());
        TrainingSession session = Start(request, rows, precision, checkpoint);
        logger.LogInformation(
            "Training {Network} on {Rows} rows, {Validation} held out, from epoch {Epoch}: {Plan}",
            request.Settings.Network, rows.Training.Rows, rows.Validation?.Rows ?? 0, session.Epoch + 1, session.Plan);
        progress.Report(session.Plan, session.Metrics, session.BestRmse);
        long saved = time.GetTimestamp();
        try
        {
            while (!session.IsDone)
            {
                int planned = session.Plan.Epochs;
                EpochMetrics metrics = session.RunEpoch(cancellationToken);
                progress.Report(session.Plan, session.Metrics, session.BestRmse);
                if (session.Plan.Epochs < planned)
                    SayShortened(planned, session.Plan);
                if (session.IsDone || !progress.HasCheckpoint || time.GetElapsedTime(saved) >= CheckpointEvery)
                {
                    // Every checkpoint leaves an array of some 20 MB behind, or of gigabytes. By itself, the collector lets them take a
                    // good share of a large machine's memory. Collecting takes milliseconds.
                    GC.Collect();
                    progress.Leave(session.Save());
                    saved = time.GetTimestamp();
                }

                activity?.SetTag(TrainerActivities.EpochsTag, session.Epoch);
                onEpoch?.Invoke(metrics, session.Plan);
            }

            session.Finish(cancellationToken);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        progress.Enter(TrainingState.Exporting);
        return session;
    }

    private void SayShortened(int before, EpochPlan plan) => logger.LogWarning(
        "{Before} epochs would take longer than {Hours:0.#} hours here. The training ends after {Epochs} epochs. To train longer, state the number of epochs",
        before, plan.MostTime!.Value.TotalHours, plan.Epochs);

    private static (byte[] Model, TrainingResult Result) Export(TrainingRequest request, TrainingRows rows, TrainingSession session)
    {
        using Activity? activity = TrainerActivities.Exporting();
        var metadata = new ModelMetadata(request.Schema, request.Settings.Network, session.BestRmse, request.DataFingerprint, SparseOffsetsOf(session.Best))
        { Gaps = session.Gaps, Framing = request.Framing ?? Framing.Given, Face = rows.Training.FindFace(), Gate = session.Gate };
        using var temporary = new TemporaryFolder(Path.Combine(Path.GetTempPath(), $"keypoint-trainer-{Guid.NewGuid():N}"));
        OnnxExporter.Export(session.Best, metadata, temporary.File(TrainingRunFiles.Model));
        byte[] model = File.ReadAllBytes(temporary.File(TrainingRunFiles.Model));
        return (model, new TrainingResult(
            request.RunId,
            session.Epoch,
            session.BestRmse,
            rows.Training.Rows,
            rows.Validation?.Rows ?? 0,
            session.Best.ParameterCount,
            session.Metrics.Sum(epoch => epoch.Seconds),
            Convert.ToHexStringLower(SHA256.HashData(model)),
            model.Length,
            Version,
            session.Gaps)
        { Gate = session.Gate });
    }

    private static SparseOffsets? SparseOffsetsOf(KeypointNetwork network)
    {
        float[] offsets = network.SparseOffset.ToFloats();
        return offsets.All(offset => offset == 0) ? null : new SparseOffsets(offsets);
    }

    // Training is deterministic. Starting again costs time but gives the same model, so a bad checkpoint is no reason to fail.
    private TrainingSession Start(TrainingRequest request, TrainingRows rows, ScalarType precision, Checkpoint? checkpoint)
    {
        var session = new TrainingSession(request.Settings, rows.Training, rows.Validation, TrainingRecipe.For(request.Framing), precision);
        try
        {
            if (checkpoint is not null)
                session.Restore(checkpoint);
        }
        catch (InvalidDataException e)
        {
            logger.LogWarning("{File} cannot be used: {Reason}. Starting from the beginning", TrainingRunFiles.Checkpoint, e.Message);
        }

        return session;
    }

    private async Task<Checkpoint?> ReadCheckpointAsync(CancellationToken cancellationToken)
    {
        byte[]? file = await folder.ReadAsync(TrainingRunFiles.Checkpoint, cancellationToken);
        try
        {
            return file is null ? null : CheckpointFile.Read(file);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            logger.LogWarning("{File} cannot be used: {Reason}. Starting from the beginning", TrainingRunFiles.Checkpoint, e.Message);
            return null;
        }
    }

    /// <summary>Failing to write the last status is not an error: the exit code says the same, and nothing relies on either.</summary>
    private async Task SayLastWordAsync(RunReporter reporter, TrainingState state, TrainingFault? fault)
    {
        using var limit = new CancellationTokenSource(LastWordTime);
        try
        {
            await reporter.FinishAsync(state, fault, limit.Token);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            logger.LogWarning("The run's last status ({State}) could not be written: {Reason}", state, e.Message);
        }
    }

    private static string Version => typeof(TrainingRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
