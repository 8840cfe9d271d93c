using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using Microsoft.Win32.SafeHandles;

namespace KeypointPipeline.Datasets;

/// <summary>Stores prepared datasets in the <c>prepared</c> container. A dataset exists once its manifest exists. Its files are stored in
/// pieces (<see cref="DatasetPiece"/>), so that no reader or writer needs a disk.</summary>
public sealed class PreparedDatasetStore(PipelineStorage storage)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Pieces that are downloaded at once.</summary>
    private const int Downloads = 4;

    /// <summary>The files that trainer and evaluation read. Image keys are for planning only.</summary>
    private static readonly string[] DownloadedFiles = [.. PreparedDatasetFiles.Data.Where(file => file != PreparedDatasetFiles.ImageKeys)];

    /// <summary>The largest piece in bytes of datasets that are written.</summary>
    internal int PieceBytes { get; init; } = DatasetPiece.LargestBytes;

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

    /// <summary>Returns a dataset's manifest.</summary>
    /// <exception cref="FileNotFoundException">There is no such dataset.</exception>
    public async Task<DatasetManifest> GetAsync(string datasetId, CancellationToken cancellationToken) =>
        await FindAsync(datasetId, cancellationToken) ?? throw Missing(datasetId, PreparedDatasetFiles.Manifest);

    /// <summary>Starts to write a dataset in pieces, without a local file.</summary>
    public PreparedUpload StartUpload() => new(storage, this);

    /// <summary>Opens datasets, to read rows of them without a copy on this machine.</summary>
    /// <param name="manifests">The datasets, for example in the order of a row plan.</param>
    public StoredRows OpenRows(IEnumerable<DatasetManifest> manifests) => new(storage, manifests);

    /// <summary>Downloads a dataset into <c>{cacheFolder}/{datasetId}</c>, unless it is already there, with one file for each kind of
    /// data.</summary>
    /// <returns>The path of the folder.</returns>
    /// <exception cref="FileNotFoundException">The dataset, or one of its files, is not in storage.</exception>
    /// <exception cref="InvalidDataException">A file has another size than the manifest implies.</exception>
    public async Task<string> DownloadAsync(string datasetId, string cacheFolder, CancellationToken cancellationToken)
    {
        string folder = LocalPath.Below(cacheFolder, datasetId);
        if (File.Exists(Path.Combine(folder, PreparedDatasetFiles.Manifest)))
            return folder;

        DatasetManifest manifest = await GetAsync(datasetId, cancellationToken);
        string partial = $"{folder}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(partial);
        try
        {
            foreach (string file in DownloadedFiles)
                await DownloadAsync(manifest, file, Path.Combine(partial, file), cancellationToken);
            await File.WriteAllBytesAsync(
                Path.Combine(partial, PreparedDatasetFiles.Manifest),
                JsonSerializer.SerializeToUtf8Bytes(manifest with { PieceBytes = null }, PipelineJson.Indented),
                cancellationToken);
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
        ulong[] splitKeys = await ReadSplitKeysAsync(manifest, cancellationToken);
        try
        {
            return (splitKeys, await ReadKeysAsync(manifest, PreparedDatasetFiles.ImageKeys, cancellationToken));
        }
        catch (FileNotFoundException) when (manifest.PieceBytes is null)
        {
            ulong[] imageKeys = await ComputeImageKeysAsync(manifest, cancellationToken);
            await storage.Blob(BlobLayout.Prepared, Name(manifest.DatasetId, PreparedDatasetFiles.ImageKeys))
                .UploadAsync(BinaryData.FromBytes(MemoryMarshal.AsBytes(imageKeys.AsSpan()).ToArray()), overwrite: true, cancellationToken);
            return (splitKeys, imageKeys);
        }
    }

    /// <summary>Reads where the rows of a dataset come from, in order. Only a dataset whose pictures are files says it.</summary>
    /// <exception cref="FileNotFoundException">The file is not in storage.</exception>
    internal async IAsyncEnumerable<RowPicture> ReadPicturesAsync(
        DatasetManifest manifest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string name = Name(manifest.DatasetId, PreparedDatasetFiles.Pictures);
        Stream blob;
        try
        {
            blob = (await storage.Blob(BlobLayout.Prepared, name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException e) when (e.IsNotFound())
        {
            throw Missing(manifest.DatasetId, PreparedDatasetFiles.Pictures);
        }

        using var lines = new StreamReader(blob);
        while (await lines.ReadLineAsync(cancellationToken) is string line)
            yield return PipelineJson.Read<RowPicture>(line);
    }

    /// <summary>Reads the split keys of a dataset's rows: see <see cref="PreparedDatasetFiles.SplitKeys"/>.</summary>
    /// <inheritdoc cref="ReadKeysAsync(DatasetManifest, CancellationToken)" path="/exception"/>
    internal Task<ulong[]> ReadSplitKeysAsync(DatasetManifest manifest, CancellationToken cancellationToken) =>
        ReadKeysAsync(manifest, PreparedDatasetFiles.SplitKeys, cancellationToken);

    /// <summary>Writes a dataset's manifest. The dataset exists from then on.</summary>
    internal Task WriteAsync(DatasetManifest manifest, CancellationToken cancellationToken) => storage.WriteAsync(
        BlobLayout.Prepared, Name(manifest.DatasetId, PreparedDatasetFiles.Manifest), manifest, cancellationToken);

    private async Task DownloadAsync(DatasetManifest manifest, string file, string path, CancellationToken cancellationToken)
    {
        using SafeFileHandle target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Downloads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(DatasetPiece.Of(manifest, file), options, async (piece, token) =>
        {
            await using Stream content = await PieceStream.OpenAsync(storage, manifest, piece, token);
            byte[] buffer = new byte[BufferBytes];
            long at = piece.At;
            while (await content.ReadAsync(buffer, token) is int read and > 0)
            {
                await RandomAccess.WriteAsync(target, buffer.AsMemory(0, read), at, token);
                at += read;
            }
        });
    }

    private async Task<ulong[]> ReadKeysAsync(DatasetManifest manifest, string file, CancellationToken cancellationToken)
    {
        ulong[] keys = new ulong[manifest.Rows];
        byte[] buffer = new byte[BufferBytes];
        await using var stream = new PieceStream(storage, manifest, DatasetPiece.Of(manifest, file));
        for (int start = 0; start < keys.Length; start += BufferBytes / sizeof(ulong))
        {
            int count = Math.Min(BufferBytes / sizeof(ulong), keys.Length - start);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, count * sizeof(ulong)), cancellationToken);
            MemoryMarshal.Cast<byte, ulong>(buffer)[..count].CopyTo(keys.AsSpan(start));
        }

        return keys;
    }

    private async Task<ulong[]> ComputeImageKeysAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        await using var images = new PieceStream(storage, manifest, DatasetPiece.Of(manifest, PreparedDatasetFiles.Images));
        ulong[] keys = new ulong[manifest.Rows];
        byte[] picture = new byte[manifest.Schema.FrameSize];
        for (int row = 0; row < keys.Length; row++)
        {
            await images.ReadExactlyAsync(picture, cancellationToken);
            keys[row] = ImageKey.Of(picture);
        }

        return keys;
    }

    private static FileNotFoundException Missing(string datasetId, string file) => new($"Prepared dataset '{datasetId}' has no {file} in storage.");

    private static string Name(string datasetId, string file) => $"{datasetId}/{file}";
}
