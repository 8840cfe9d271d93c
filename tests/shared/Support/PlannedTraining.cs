using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Splits;
using KeypointPipeline.Steps.Train;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Support;

/// <summary>Prepared datasets of ten different pictures, without the pictures, and the step that plans trainings on them.</summary>
internal static class PlannedTraining
{
    public const int Rows = 10;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Writes what planning reads of a prepared dataset.</summary>
    public static async Task AcceptAsync(PipelineStorage storage, string id, KeypointSchema schema, DateTimeOffset preparedAt, Framing? framing = null)
    {
        ulong[] keys = [.. Enumerable.Range(1, Rows).Select(row => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{id} {row}")))];
        foreach (string file in (string[])[PreparedDatasetFiles.SplitKeys, PreparedDatasetFiles.ImageKeys])
        {
            await storage.Blob(BlobLayout.Prepared, $"{id}/{file}")
                .UploadAsync(BinaryData.FromBytes(MemoryMarshal.AsBytes(keys.AsSpan()).ToArray()), Cancel);
        }

        await storage.WriteAsync(
            BlobLayout.Prepared,
            $"{id}/{PreparedDatasetFiles.Manifest}",
            new DatasetManifest(id, schema, Rows, [.. schema.Names.Select(_ => Rows)], Rows, $"{id}.csv", null, preparedAt, Framing: framing),
            Cancel);
    }

    /// <summary>Plans a training.</summary>
    public static Task<TrainingPlan> PlanAsync(
        PipelineStorage storage, PlanTrainingInput input, TrainingSettings? defaults = null, TimeProvider? time = null)
    {
        var datasets = new PreparedDatasetStore(storage);
        var plans = new RowPlanStore(storage);
        return new PlanTraining(
            new DatasetPaths(storage, datasets, time ?? TimeProvider.System),
            datasets,
            new ModelRegistry(storage, time ?? TimeProvider.System),
            new TrainingHistory(datasets, plans),
            plans,
            new TrainingRunStore(storage),
            defaults ?? new TrainingSettings(),
            time ?? TimeProvider.System).RunAsync(input, Cancel);
    }
}
