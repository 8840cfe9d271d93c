using System.Security.Cryptography;
using Azure;
using KeypointPipeline.Errors;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;
using TorchSharp;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Running;

public sealed class TrainingRunnerTests
{
    private static readonly TrainingSettings Settings = new(Epochs: 3, Seed: 3, Network: "ml-resnet-small", BatchSize: 32);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_leaves_a_model_its_metrics_and_the_marker()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);

        Assert.Equal(ExitCodes.Success, await RunAsync(run.Folder));

        TrainingResult result = (await run.Folder.ReadDocumentAsync<TrainingResult>(TrainingRunFiles.Result, Cancellation))!;
        byte[] model = (await run.Folder.ReadAsync(TrainingRunFiles.Model, Cancellation))!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(model)), result.ModelSha256);
        Assert.Equal(model.Length, result.ModelBytes);
        Assert.Equal(3, result.EpochsTrained);
        Assert.Equal(150, result.TrainingRows + result.ValidationRows);
        Assert.True(result.ValidationRmse > 0);
        Assert.Equal(3, (await File.ReadAllLinesAsync(run.PathOf(TrainingRunFiles.Metrics), Cancellation)).Length);
        Assert.Contains("validation error is lowest after epoch", await File.ReadAllTextAsync(run.PathOf(TrainingRunFiles.Curve), Cancellation), StringComparison.Ordinal);
        using var picture = SKBitmap.Decode(run.PathOf(TrainingRunFiles.CurvePicture));
        Assert.True(picture is { Width: > 0, Height: > 0 });
        TrainingStatus status = (await run.Folder.ReadDocumentAsync<TrainingStatus>(TrainingRunFiles.Status, Cancellation))!;
        Assert.Equal((TrainingState.Completed, 3, 3), (status.State, status.Epoch, status.Epochs));
        Assert.Equal(result.ValidationRmse, status.BestValidationRmse);
    }

    [Fact]
    public async Task The_model_records_where_eyes_and_mouth_lie_and_its_gate()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);

        Assert.Equal(ExitCodes.Success, await RunAsync(run.Folder));

        TrainingResult result = (await run.Folder.ReadDocumentAsync<TrainingResult>(TrainingRunFiles.Result, Cancellation))!;
        using KeypointModel model = KeypointModel.Open(run.PathOf(TrainingRunFiles.Model));
        FaceAnchors face = model.Metadata.Face!;
        // TinyFaces draws the left eye at x 14 to 18, the right one at 5 to 9, and the mouth at 9 to 14.
        Assert.InRange(face.LeftEye.X, 15, 17);
        Assert.InRange(face.RightEye.X, 6, 8);
        Assert.InRange(face.Mouth.X, 10.5, 12.5);
        Assert.InRange(face.Mouth.Y - face.LeftEye.Y, 7, 11);
        Assert.True(model.Metadata.Gate?.Found > 0);
        Assert.Equal(model.Metadata.Gate, result.Gate);
        Assert.Equal(FinderKind.Faces, model.Metadata.Finder);
    }

    [Fact]
    public async Task The_model_records_the_framing_of_its_request()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings with { Epochs = 1 }, Cancellation);
        TrainingRequest request = (await run.Folder.ReadDocumentAsync<TrainingRequest>(TrainingRunFiles.Request, Cancellation))!;
        var framing = new Framing(FramingKind.Box, 1.2);
        await run.Folder.WriteDocumentAsync(TrainingRunFiles.Request, request with { Framing = framing }, Cancellation);

        Assert.Equal(ExitCodes.Success, await RunAsync(run.Folder));

        using KeypointModel model = KeypointModel.Open(run.PathOf(TrainingRunFiles.Model));
        Assert.Equal(framing, model.Metadata.Framing);
    }

    [Fact]
    public async Task The_row_plan_decides_which_rows_are_trained_on()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings with { Epochs = 1 }, Cancellation);
        RowSide[] sides = [.. Enumerable.Range(0, 150).Select(row => row < 50 ? RowSide.Test : row < 62 ? RowSide.Validation : RowSide.Training)];
        var rows = new PlannedDataset(run.DatasetId, sides, [.. Enumerable.Range(0, 150)], new ulong[150], new ulong[150]);
        await run.Folder.WriteAsync(TrainingRunFiles.Rows, RowPlanFile.Write(new RowPlan([rows])), Cancellation);

        Assert.Equal(ExitCodes.Success, await RunAsync(run.Folder));

        TrainingResult result = (await run.Folder.ReadDocumentAsync<TrainingResult>(TrainingRunFiles.Result, Cancellation))!;
        Assert.Equal((88, 12, null), (result.TrainingRows, result.ValidationRows, result.TestRows));
    }

    [Fact]
    public async Task A_row_plan_of_other_datasets_fails_the_run_with_a_reason()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);
        var rows = new PlannedDataset("ds-other", [RowSide.Training], [0], [1], [0]);
        await run.Folder.WriteAsync(TrainingRunFiles.Rows, RowPlanFile.Write(new RowPlan([rows])), Cancellation);

        Assert.Equal(ExitCodes.Failed, await RunAsync(run.Folder));

        TrainingStatus status = (await run.Folder.ReadDocumentAsync<TrainingStatus>(TrainingRunFiles.Status, Cancellation))!;
        Assert.StartsWith("rows.bin plans ds-other, but the run has other datasets", status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_done_is_left_alone()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings with { Epochs = 1 }, Cancellation);
        await RunAsync(run.Folder);
        DateTime written = File.GetLastWriteTimeUtc(run.PathOf(TrainingRunFiles.Status));

        Assert.Equal(ExitCodes.Success, await RunAsync(run.Folder, onEpoch: (_, _) => Assert.Fail("It trained again.")));

        Assert.Equal(written, File.GetLastWriteTimeUtc(run.PathOf(TrainingRunFiles.Status)));
    }

    [Fact]
    public async Task Stopped_and_started_again_it_ends_at_the_same_model()
    {
        using LocalRun undisturbed = await LocalRun.CreateAsync(Settings, Cancellation);
        await RunAsync(undisturbed.Folder);
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);
        using var stop = new CancellationTokenSource();

        Assert.Equal(ExitCodes.Stopped, await RunAsync(run.Folder, (_, _) => stop.Cancel(), stop: stop.Token));
        TrainingStatus status = (await run.Folder.ReadDocumentAsync<TrainingStatus>(TrainingRunFiles.Status, Cancellation))!;
        var resumed = new List<int>();
        Assert.Equal(ExitCodes.Success, await RunAsync(run.Folder, (epoch, _) => resumed.Add(epoch.Epoch)));

        Assert.Equal((TrainingState.Stopped, 1), (status.State, status.Epoch));
        Assert.Equal([2, 3], resumed);
        Assert.Equal(
            await File.ReadAllBytesAsync(undisturbed.PathOf(TrainingRunFiles.Model), Cancellation),
            await File.ReadAllBytesAsync(run.PathOf(TrainingRunFiles.Model), Cancellation));
        Assert.Equal(3, (await File.ReadAllLinesAsync(run.PathOf(TrainingRunFiles.Metrics), Cancellation)).Length);
    }

    [Fact]
    public async Task The_stop_file_stops_it()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings with { Epochs = 10_000 }, Cancellation);
        await run.Folder.WriteAsync(TrainingRunFiles.Stop, ReadOnlyMemory<byte>.Empty, Cancellation);

        Assert.Equal(ExitCodes.Stopped, await RunAsync(run.Folder));
    }

    [Fact]
    public async Task A_damaged_checkpoint_costs_time_but_not_the_model()
    {
        using LocalRun undisturbed = await LocalRun.CreateAsync(Settings, Cancellation);
        await RunAsync(undisturbed.Folder);
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);
        byte[] checkpoint = (await undisturbed.Folder.ReadAsync(TrainingRunFiles.Checkpoint, Cancellation))!;
        await run.Folder.WriteAsync(TrainingRunFiles.Checkpoint, checkpoint.AsMemory(0, checkpoint.Length / 2), Cancellation);

        Assert.Equal(ExitCodes.Success, await RunAsync(run.Folder));

        Assert.Equal(
            await File.ReadAllBytesAsync(undisturbed.PathOf(TrainingRunFiles.Model), Cancellation),
            await File.ReadAllBytesAsync(run.PathOf(TrainingRunFiles.Model), Cancellation));
    }

    [Fact]
    public async Task Two_trainers_of_one_run_do_not_meet()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);
        await using IRunLock? other = await run.Folder.TryLockAsync(Cancellation);

        Assert.Equal(ExitCodes.AlreadyRunning, await RunAsync(run.Folder));
    }

    [Fact]
    public async Task What_cannot_be_mended_by_another_start_is_told_in_the_status()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings with { Network = "no-such-net" }, Cancellation);

        Assert.Equal(ExitCodes.Failed, await RunAsync(run.Folder));

        TrainingStatus status = (await run.Folder.ReadDocumentAsync<TrainingStatus>(TrainingRunFiles.Status, Cancellation))!;
        Assert.Equal(TrainingState.Failed, status.State);
        Assert.Contains("no-such-net", status.Error, StringComparison.Ordinal);
        Assert.True(status.Repeats);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_told_in_the_status()
    {
        Assert.SkipWhen(TrainingDevice.Choose("auto").type == DeviceType.CUDA, "There is a GPU here.");
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);

        Assert.Equal(ExitCodes.Failed, await RunAsync(run.Folder, device: "cuda"));

        TrainingStatus status = (await run.Folder.ReadDocumentAsync<TrainingStatus>(TrainingRunFiles.Status, Cancellation))!;
        Assert.Contains(TrainerVariables.Device, status.Error, StringComparison.Ordinal);
        Assert.False(status.Repeats);
    }

    [Fact]
    public async Task A_training_that_does_not_fit_fails_for_good_with_the_estimate_and_is_planned_again_where_it_fits()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);

        Assert.Equal(ExitCodes.DoesNotFit, await RunAsync(run.Folder, memory: "50MB"));

        TrainingStatus status = (await run.Folder.ReadDocumentAsync<TrainingStatus>(TrainingRunFiles.Status, Cancellation))!;
        Assert.Equal((TrainingState.Failed, false), (status.State, status.Repeats));
        Assert.Contains("The training does not fit into memory", status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_is_away_while_it_trains_does_not_stop_it()
    {
        using LocalRun run = await LocalRun.CreateAsync(Settings, Cancellation);
        var folder = new FolderWithOutage(run.Folder);

        int code = await RunAsync(folder, (epoch, _) => folder.IsAway = epoch.Epoch < 3);

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal(3, (await File.ReadAllLinesAsync(run.PathOf(TrainingRunFiles.Metrics), Cancellation)).Length);
    }

    // On the CPU, where the same training gives the same bytes.
    private static Task<int> RunAsync(
        IRunFolder folder, Action<EpochMetrics, EpochPlan>? onEpoch = null, string device = "cpu", string? memory = null, CancellationToken stop = default) =>
        new TrainingRunner(folder, TimeProvider.System, NullLogger.Instance, onEpoch, device) { MemoryWish = memory }.RunAsync(stop);

    private sealed class FolderWithOutage(IRunFolder inner) : IRunFolder
    {
        private volatile bool _isAway;

        public bool IsAway
        {
            get => _isAway;
            set => _isAway = value;
        }

        public Task<IRunLock?> TryLockAsync(CancellationToken cancellationToken) => inner.TryLockAsync(cancellationToken);

        public Task<bool> ExistsAsync(string file, CancellationToken cancellationToken) =>
            IsAway ? throw new RequestFailedException("Connection refused") : inner.ExistsAsync(file, cancellationToken);

        public Task<byte[]?> ReadAsync(string file, CancellationToken cancellationToken) => inner.ReadAsync(file, cancellationToken);

        public Task WriteAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            IsAway ? throw new RequestFailedException("Connection refused") : inner.WriteAsync(file, content, cancellationToken);

        public Task<string> FetchDatasetAsync(string datasetId, CancellationToken cancellationToken) =>
            inner.FetchDatasetAsync(datasetId, cancellationToken);
    }
}
