using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets;

/// <summary>Stores prepared datasets in the <c>prepared</c> container. A dataset exists once its manifest exists.</summary>
public sealed class PreparedDatasetStore(PipelineStorage storage)
{
    /// <summary>The files that trainer and evaluation read. Image keys are for planning only.</summary>
    private static readonly string[] DownloadedFiles = [.. PreparedDatasetFiles.Data.Where(file => file != PreparedDatasetFiles.ImageKeys)];

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
    /// derived from its content, unless an earlier version found other mirror pairs in it: the manifest then gets those of this
    /// version.</summary>
    public async Task UploadAsync(DatasetManifest manifest, string folder, CancellationToken cancellationToken)
    {
        if (await FindAsync(manifest.DatasetId, cancellationToken) is DatasetManifest existing)
        {
            if (existing.Schema.MirrorKey != manifest.Schema.MirrorKey)
                await WriteAsync(existing with { Schema = manifest.Schema }, cancellationToken);
            return;
        }

        foreach (string file in PreparedDatasetFiles.Data)
        {
            await storage.Blob(BlobLayout.Prepared, Name(manifest.DatasetId, file))
                .UploadAsync(Path.Combine(folder, file), overwrite: true, cancellationToken);
        }

        await WriteAsync(manifest, cancellationToken);
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
            foreach (string file in DownloadedFiles.Append(PreparedDatasetFiles.Manifest))
            {
                var blob = storage.Blob(BlobLayout.Prepared, Name(datasetId, file));
                if (!await blob.ExistsAsync(cancellationToken))
                    throw Missing(datasetId, file);
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

    /// <summary>Reads the keys of a dataset's rows without downloading its pictures.</summary>
    /// <returns>Content of <see cref="PreparedDatasetFiles.SplitKeys"/> and <see cref="PreparedDatasetFiles.ImageKeys"/>, one of each
    /// for every row. If an earlier version prepared the dataset, the pictures are streamed once to compute the image keys, which are
    /// then added to the dataset.</returns>
    /// <exception cref="FileNotFoundException">One of the dataset's files is not in storage.</exception>
    /// <exception cref="InvalidDataException">A file has another size than the manifest implies.</exception>
    public async Task<(ulong[] SplitKeys, ulong[] ImageKeys)> ReadKeysAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ulong[] splitKeys = await FindKeysAsync(manifest, PreparedDatasetFiles.SplitKeys, cancellationToken)
            ?? throw Missing(manifest.DatasetId, PreparedDatasetFiles.SplitKeys);
        if (await FindKeysAsync(manifest, PreparedDatasetFiles.ImageKeys, cancellationToken) is ulong[] imageKeys)
            return (splitKeys, imageKeys);
        imageKeys = await ComputeImageKeysAsync(manifest, cancellationToken);
        await storage.Blob(BlobLayout.Prepared, Name(manifest.DatasetId, PreparedDatasetFiles.ImageKeys))
            .UploadAsync(BinaryData.FromBytes(MemoryMarshal.AsBytes(imageKeys.AsSpan()).ToArray()), overwrite: true, cancellationToken);
        return (splitKeys, imageKeys);
    }

    private async Task<ulong[]?> FindKeysAsync(DatasetManifest manifest, string file, CancellationToken cancellationToken)
    {
        if (await storage.FindContentAsync(BlobLayout.Prepared, Name(manifest.DatasetId, file), cancellationToken) is not BlobDownloadResult blob)
            return null;
        ulong[] keys = MemoryMarshal.Cast<byte, ulong>(blob.Content.ToMemory().Span).ToArray();
        return keys.Length == manifest.Rows
            ? keys
            : throw new InvalidDataException(
                $"{BlobLayout.Prepared}/{Name(manifest.DatasetId, file)} has {keys.Length:N0} rows; {manifest.Rows:N0} are expected. Drop {manifest.Source} again.");
    }

    private async Task<ulong[]> ComputeImageKeysAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream images = await storage.Blob(BlobLayout.Prepared, Name(manifest.DatasetId, PreparedDatasetFiles.Images))
                .OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
            ulong[] keys = new ulong[manifest.Rows];
            byte[] picture = new byte[manifest.Schema.FrameSize];
            for (int row = 0; row < keys.Length; row++)
            {
                await images.ReadExactlyAsync(picture, cancellationToken);
                keys[row] = ImageKey.Of(picture);
            }

            return keys;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException(
                $"{BlobLayout.Prepared}/{Name(manifest.DatasetId, PreparedDatasetFiles.Images)} is shorter than {manifest.Rows:N0} pictures. Drop {manifest.Source} again.", e);
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            throw Missing(manifest.DatasetId, PreparedDatasetFiles.Images);
        }
    }

    private static FileNotFoundException Missing(string datasetId, string file) => new($"Prepared dataset '{datasetId}' has no {file} in storage.");

    private Task WriteAsync(DatasetManifest manifest, CancellationToken cancellationToken) => storage.WriteAsync(
        BlobLayout.Prepared, Name(manifest.DatasetId, PreparedDatasetFiles.Manifest), manifest, cancellationToken);

    private static string Name(string datasetId, string file) => $"{datasetId}/{file}";
}
