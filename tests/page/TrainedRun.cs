using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.Page.Tests;

/// <summary>What a trainer leaves in storage, written without training.</summary>
internal static class TrainedRun
{
    private const int Epochs = 12;
    private const double ImagesPerSecond = 418;

    /// <summary>Writes request, heartbeat, metrics, restarts and log of a run, and the row plan of a version that it published.</summary>
    /// <param name="storage">Where to write.</param>
    /// <param name="runId">The run.</param>
    /// <param name="datasetId">The dataset that it learned from.</param>
    /// <param name="version">The published version.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task WriteAsync(PipelineStorage storage, string runId, string datasetId, string version, CancellationToken cancellationToken)
    {
        RowPlan plan = Plan(datasetId);
        await new RowPlanStore(storage).WriteOfModelAsync(version, plan, cancellationToken);
        DateTimeOffset start = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var runs = new TrainingRunStore(storage);
        var schema = new KeypointSchema([.. TestSupport.DrawnInputs.KeypointNames], 96, 96);
        await runs.WriteRequestAsync(new TrainingRequest(runId, [datasetId], schema, "f1", new TrainingSettings(), start) { Rows = plan.Report() }, cancellationToken);
        var device = new TrainerDevice("cpu", "A drawn processor", 2, "bfloat16");
        await WriteAsync(TrainingRunFiles.Status, PipelineJson.Write(new TrainingStatus(TrainingState.Completed, start, Epochs, Epochs, Device: device)));
        await WriteAsync(TrainingRunFiles.Metrics, string.Concat(Enumerable.Range(1, Epochs).Select(epoch =>
            PipelineJson.Write(new EpochMetrics(epoch, 0.01, 4.0 / epoch, 1.5 + (6.0 / epoch) + (epoch > 9 ? 0.2 : 0), 2, ImagesPerSecond)) + "\n")));
        await WriteAsync(TrainingRunFiles.Log, string.Join('\n', Lines(device)) + "\n");
        await runs.AddEndAsync(runId, new TrainerEnd(start, start.AddMinutes(1), 3, "killed (signal 9, most likely out of memory)"), cancellationToken);
        await runs.AddEndAsync(runId, new TrainerEnd(start.AddMinutes(2), start.AddMinutes(3), 7, "asked to end, by its host or its platform"), cancellationToken);

        Task WriteAsync(string file, string content) =>
            storage.Blob(BlobLayout.Runs, $"{runId}/{file}").UploadAsync(BinaryData.FromString(content), overwrite: true, cancellationToken);
    }

    /// <summary>60 rows: 48 train, in 45 groups, 6 validate and 6 test.</summary>
    private static RowPlan Plan(string datasetId)
    {
        RowSide[] sides = [.. Enumerable.Range(0, 60).Select(row => row < 48 ? RowSide.Training : row < 54 ? RowSide.Validation : RowSide.Test)];
        int[] components = [.. Enumerable.Range(0, 60).Select(row => row < 4 ? 0 : row)];
        return new RowPlan([new PlannedDataset(datasetId, sides, components, new ulong[60], new ulong[60])]);
    }

    private static IEnumerable<string> Lines(TrainerDevice device)
    {
        const string Time = "2024-10-04 00:00:00 ";
        yield return $"{Time}Computing on {device}";
        yield return $"{Time}warning: {SmallHost.HostileName} is a name in a log";
        for (int epoch = 1; epoch <= Epochs; epoch++)
            yield return $"{Time}Epoch {epoch} of {Epochs}: loss {4.0 / epoch:0.000}, validation {1.5 + (6.0 / epoch):0.000} px, {ImagesPerSecond:0} images/s";
        yield return $"{Time}The model is written";
    }
}
