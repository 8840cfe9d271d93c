using System.IO.Hashing;
using System.Runtime.InteropServices;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Erasure;

/// <summary>Finds the rows of groups in a prepared dataset, and writes the dataset again without them.</summary>
internal sealed class GroupRemoval(PipelineStorage storage, PreparedDatasetStore prepared, TimeProvider time)
{
    /// <summary>Counts the rows of groups in a dataset without reading its pictures. 0 if there is no such dataset. What is left of a
    /// deletion that was interrupted counts too.</summary>
    public async Task<int> CountAsync(string datasetId, IReadOnlySet<ulong> groups, CancellationToken cancellationToken)
    {
        int count = 0;
        // Without the manifest, which is deleted first: one blob of an earlier version, or pieces.
        string prefix = $"{datasetId}/{Path.GetFileNameWithoutExtension(PreparedDatasetFiles.SplitKeys)}";
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Prepared, prefix, cancellationToken))
        {
            if (await storage.FindContentAsync(BlobLayout.Prepared, blob.Name, cancellationToken) is BlobDownloadResult keys)
                count += Count(MemoryMarshal.Cast<byte, ulong>(keys.Content.ToMemory().Span), groups);
        }

        return count;
    }

    /// <summary>Writes a dataset again without the rows of groups, and its report. The same rows give the same id.</summary>
    /// <returns>The new dataset, or null if no row is left.</returns>
    /// <exception cref="FileNotFoundException">The dataset, or one of its files, is not in storage.</exception>
    public async Task<DatasetManifest?> WriteWithoutAsync(string datasetId, IReadOnlySet<ulong> groups, CancellationToken cancellationToken)
    {
        DatasetManifest old = await prepared.GetAsync(datasetId, cancellationToken);
        (ulong[] splitKeys, ulong[] imageKeys) = await prepared.ReadKeysAsync(old, cancellationToken);
        int erased = Count(splitKeys, groups);
        if (erased == splitKeys.Length)
            return null;

        await using PreparedUpload upload = prepared.StartUpload();
        DatasetManifest manifest = await WriteAsync(old, splitKeys, imageKeys, groups, upload, cancellationToken);
        await WriteReportAsync(datasetId, manifest, erased, cancellationToken);
        await upload.PublishAsync(cancellationToken);
        return manifest;
    }

    private async Task<DatasetManifest> WriteAsync(
        DatasetManifest old, ulong[] splitKeys, ulong[] imageKeys, IReadOnlySet<ulong> groups, PreparedUpload upload, CancellationToken cancellationToken)
    {
        KeypointSchema schema = old.Schema;
        StoredRows stored = prepared.OpenRows([old]);
        IDatasetRows rows = stored.Datasets[0];
        await using PreparedDatasetWriter writer = upload.Start(schema.Count, ofPictures: old.Framing is not null);
        await using IAsyncEnumerator<RowPicture>? pictures =
            old.Framing is null ? null : prepared.ReadPicturesAsync(old, cancellationToken).GetAsyncEnumerator(cancellationToken);
        using var fingerprint = new DatasetFingerprint();
        int[] labels = new int[schema.Count];
        int complete = 0;
        int kept = 0;
        for (int row = 0; row < splitKeys.Length; row++)
        {
            if (pictures is not null && !await pictures.MoveNextAsync())
                throw new InvalidDataException($"{PreparedDatasetFiles.Pictures} of {old.DatasetId} has fewer than {splitKeys.Length:N0} lines. Drop {old.Source} again.");
            if (groups.Contains(splitKeys[row]))
                continue;
            await stored.LoadAsync(dataset: 0, row, cancellationToken);
            byte[] pixels = rows.Image(row).ToArray();
            float[] coordinates = rows.Keypoints(row).ToArray();
            UInt128 imageHash = XxHash128.HashToUInt128(pixels);
            fingerprint.Add(imageHash, coordinates, splitKeys[row]);
            FramedRow? framed = pictures?.Current is not RowPicture picture ? null : new FramedRow(
                rows.States(row).ToArray(), rows.Place(row)!.Value, picture.Picture, picture.Instance, picture.Box);
            if (framed is not null)
                fingerprint.Add(imageKeys[row], framed);
            await writer.AddAsync(pixels, coordinates, rows.SourceRow(row), splitKeys[row], imageKeys[row], framed, cancellationToken);
            kept++;
            int labelled = 0;
            for (int k = 0; k < labels.Length; k++)
            {
                int label = float.IsNaN(coordinates[2 * k]) ? 0 : 1;
                labels[k] += label;
                labelled += label;
            }

            complete += labelled == labels.Length ? 1 : 0;
        }

        DatasetManifest manifest = old with
        {
            DatasetId = fingerprint.ToId(schema, old.Framing),
            Rows = kept,
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
