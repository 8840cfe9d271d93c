using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets;

/// <summary>Stores prepared datasets in the <c>prepared</c> container. A dataset exists once its manifest exists.</summary>
public sealed class PreparedDatasetStore(PipelineStorage storage)
{
    private static readonly string[] DataFiles =
        [PreparedDatasetFiles.Images, PreparedDatasetFiles.Keypoints, PreparedDatasetFiles.Rows, PreparedDatasetFiles.SplitKeys];

    /// <summary>Computes a name for a set of datasets from their ids: 16 hexadecimal digits. The order makes no difference.</summary>
    public static string Fingerprint(IEnumerable<string> datasetIds)
    {
        string joined = string.Join('\n', datasetIds.Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(joined)))[..16];
    }

    /// <summary>Returns a dataset's manifest, or null if there is no such dataset.</summary>
    public async Task<DatasetManifest?> FindAsync(string datasetId, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<DatasetManifest>(
            BlobLayout.Prepared, Name(datasetId, PreparedDatasetFiles.Manifest), cancellationToken))?.Value;

    /// <summary>Lists all prepared datasets, oldest first, also those that are not in force.</summary>
    public async Task<IReadOnlyList<DatasetManifest>> ListAsync(CancellationToken cancellationToken)
    {
        var manifests = new List<DatasetManifest>();
        await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Prepared, prefix: null, cancellationToken))
        {
            if (blob.Name.EndsWith('/' + PreparedDatasetFiles.Manifest, StringComparison.Ordinal)
                && await storage.ReadAsync<DatasetManifest>(BlobLayout.Prepared, blob.Name, cancellationToken) is { } manifest)
                manifests.Add(manifest.Value);
        }

        return [.. manifests.OrderBy(m => m.PreparedAt).ThenBy(m => m.DatasetId, StringComparer.Ordinal)];
    }

    /// <summary>Uploads a prepared folder, the manifest last. Uploading the same dataset again changes nothing, because its id is
    /// derived from its content.</summary>
    public async Task UploadAsync(DatasetManifest manifest, string folder, CancellationToken cancellationToken)
    {
        if (await FindAsync(manifest.DatasetId, cancellationToken) is not null)
            return;
        foreach (string file in DataFiles)
        {
            await storage.Blob(BlobLayout.Prepared, Name(manifest.DatasetId, file))
                .UploadAsync(Path.Combine(folder, file), overwrite: true, cancellationToken);
        }

        await storage.WriteAsync(
            BlobLayout.Prepared, Name(manifest.DatasetId, PreparedDatasetFiles.Manifest), manifest, cancellationToken);
    }

    /// <summary>Downloads a dataset into <c>{cacheFolder}/{datasetId}</c>, unless it is already there.</summary>
    /// <returns>The path of the folder.</returns>
    /// <exception cref="FileNotFoundException">The dataset, or one of its files, is not in storage.</exception>
    public async Task<string> DownloadAsync(string datasetId, string cacheFolder, CancellationToken cancellationToken)
    {
        string folder = LocalPath.Below(cacheFolder, datasetId);
        if (File.Exists(Path.Combine(folder, PreparedDatasetFiles.Manifest)))
            return folder;

        string partial = $"{folder}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(partial);
        try
        {
            foreach (string file in DataFiles.Append(PreparedDatasetFiles.Manifest))
            {
                var blob = storage.Blob(BlobLayout.Prepared, Name(datasetId, file));
                if (!await blob.ExistsAsync(cancellationToken))
                    throw new FileNotFoundException($"Prepared dataset '{datasetId}' has no {file} in storage.");
                using var response = await blob.DownloadToAsync(Path.Combine(partial, file), cancellationToken);
            }

            Directory.Move(partial, folder);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, PreparedDatasetFiles.Manifest)))
        {
            // Another step downloaded the same dataset first.
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }

        return folder;
    }

    private static string Name(string datasetId, string file) => $"{datasetId}/{file}";
}
