using System.IO.Hashing;
using System.Runtime.InteropServices;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Erasure;

/// <summary>Finds the rows of groups in a prepared dataset, and writes the dataset again without them.</summary>
internal sealed class GroupRemoval(PipelineStorage storage, PreparedDatasetStore prepared, WorkFolder work, TimeProvider time)
{
    /// <summary>Counts the rows of groups in a dataset without reading its pictures. 0 if there is no such dataset.</summary>
    public async Task<int> CountAsync(string datasetId, IReadOnlySet<ulong> groups, CancellationToken cancellationToken)
    {
        var blob = await storage.FindContentAsync(BlobLayout.Prepared, $"{datasetId}/{PreparedDatasetFiles.SplitKeys}", cancellationToken);
        return blob is null ? 0 : Count(MemoryMarshal.Cast<byte, ulong>(blob.Content.ToMemory().Span), groups);
    }

    /// <summary>Writes a dataset again without the rows of groups, and its report. The same rows give the same id.</summary>
    /// <returns>The new dataset, or null if no row is left.</returns>
    public async Task<DatasetManifest?> WriteWithoutAsync(string datasetId, IReadOnlySet<ulong> groups, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = work.CreateTemporary();
        using PreparedDataset old = PreparedDataset.Open(await prepared.DownloadAsync(datasetId, folder.Path, cancellationToken));
        int[] kept = [.. Enumerable.Range(0, old.Rows).Where(row => !groups.Contains(old.SplitKey(row)))];
        if (kept.Length == 0)
            return null;

        string rewritten = folder.File("rewritten");
        DatasetManifest manifest = await WriteAsync(old, kept, rewritten, cancellationToken);
        await WriteReportAsync(datasetId, manifest, old.Rows - kept.Length, cancellationToken);
        await prepared.UploadAsync(manifest, rewritten, cancellationToken);
        return manifest;
    }

    private async Task<DatasetManifest> WriteAsync(PreparedDataset old, int[] kept, string folder, CancellationToken cancellationToken)
    {
        KeypointSchema schema = old.Manifest.Schema;
        await using var writer = new PreparedDatasetWriter(folder, schema.Count);
        using var fingerprint = new DatasetFingerprint();
        int[] labels = new int[schema.Count];
        int complete = 0;
        foreach (int row in kept)
        {
            byte[] pixels = old.Image(row).ToArray();
            float[] coordinates = old.Keypoints(row).ToArray();
            UInt128 imageHash = XxHash128.HashToUInt128(pixels);
            fingerprint.Add(imageHash, coordinates, old.SplitKey(row));
            await writer.AddAsync(
                pixels, coordinates, old.SourceRow(row), old.SplitKey(row), ImageKey.Of(pixels, imageHash), cancellationToken);
            int labelled = 0;
            for (int k = 0; k < labels.Length; k++)
            {
                int label = float.IsNaN(coordinates[2 * k]) ? 0 : 1;
                labels[k] += label;
                labelled += label;
            }

            complete += labelled == labels.Length ? 1 : 0;
        }

        DatasetManifest manifest = old.Manifest with
        {
            DatasetId = fingerprint.ToId(schema),
            Rows = kept.Length,
            Labels = labels,
            CompleteRows = complete,
            PreparedAt = time.GetUtcNow(),
        };
        await writer.CompleteAsync(manifest, cancellationToken);
        return manifest;
    }

    private async Task WriteReportAsync(string datasetId, DatasetManifest manifest, int erased, CancellationToken cancellationToken)
    {
        if ((await storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{datasetId}.json", cancellationToken))?.Value is not DatasetReport report)
            return;
        DatasetReport next = report with
        {
            DatasetId = manifest.DatasetId,
            RowsAccepted = manifest.Rows,
            Erased = report.Erased + erased,
            CompleteRows = manifest.CompleteRows,
            Labels = [.. manifest.Schema.Names.Zip(manifest.Labels, (name, labels) => new KeypointLabels(name, labels))],
            Warnings = [.. report.Warnings, $"Rows left out because their group was erased afterwards: {erased:N0}."],
        };
        await storage.WriteAsync(BlobLayout.Reports, $"{manifest.DatasetId}.json", next, cancellationToken);
    }

    private static int Count(ReadOnlySpan<ulong> splitKeys, IReadOnlySet<ulong> groups)
    {
        int count = 0;
        foreach (ulong key in splitKeys)
            count += groups.Contains(key) ? 1 : 0;
        return count;
    }
}
