using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Datasets;

/// <summary>Writes a prepared dataset row by row. It writes to temporary files and renames them when all are complete, the manifest
/// last. If it is not completed, it leaves no files behind.</summary>
internal sealed class PreparedDatasetWriter : IAsyncDisposable
{
    private const string Partial = ".partial";
    private const int BufferBytes = 256 * 1024;
    private static readonly string[] DataFiles = [.. PreparedDatasetFiles.Data];

    private readonly string _folder;
    private readonly FileStream[] _files;
    private readonly byte[] _small;

    /// <summary>Creates the temporary files, and the folder if it is missing.</summary>
    /// <param name="folder">Folder of the prepared dataset.</param>
    /// <param name="keypoints">Number of keypoints, K.</param>
    public PreparedDatasetWriter(string folder, int keypoints)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _files = Array.ConvertAll(DataFiles, name => new FileStream(
            Path.Combine(_folder, name + Partial), FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true));
        _small = new byte[(keypoints * 2 * sizeof(float)) + sizeof(uint) + (2 * sizeof(ulong))];
    }

    /// <summary>Adds a row.</summary>
    /// <param name="pixels">H·W grey bytes.</param>
    /// <param name="coordinates">K·2 coordinates.</param>
    /// <param name="sourceRow">The row's number in the source.</param>
    /// <param name="splitKey">The row's split key.</param>
    /// <param name="imageKey">The row's image key: see <see cref="ImageKey"/>.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async ValueTask AddAsync(
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<float> coordinates,
        uint sourceRow,
        ulong splitKey,
        ulong imageKey,
        CancellationToken cancellationToken)
    {
        Memory<byte> numbers = _small.AsMemory(0, coordinates.Length * sizeof(float));
        Memory<byte> row = _small.AsMemory(numbers.Length, sizeof(uint));
        Memory<byte> key = _small.AsMemory(numbers.Length + sizeof(uint), sizeof(ulong));
        Memory<byte> image = _small.AsMemory(numbers.Length + sizeof(uint) + sizeof(ulong), sizeof(ulong));
        MemoryMarshal.AsBytes(coordinates.Span).CopyTo(numbers.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(row.Span, sourceRow);
        BinaryPrimitives.WriteUInt64LittleEndian(key.Span, splitKey);
        BinaryPrimitives.WriteUInt64LittleEndian(image.Span, imageKey);
        await _files[0].WriteAsync(pixels, cancellationToken);
        await _files[1].WriteAsync(numbers, cancellationToken);
        await _files[2].WriteAsync(row, cancellationToken);
        await _files[3].WriteAsync(key, cancellationToken);
        await _files[4].WriteAsync(image, cancellationToken);
    }

    /// <summary>Gives the files their final names. Replaces an earlier dataset in the folder, which has no manifest meanwhile.</summary>
    public async Task CompleteAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        foreach (FileStream file in _files)
            await file.DisposeAsync();
        string manifestPath = Path.Combine(_folder, PreparedDatasetFiles.Manifest);
        await File.WriteAllBytesAsync(
            manifestPath + Partial, JsonSerializer.SerializeToUtf8Bytes(manifest, PipelineJson.Indented), cancellationToken);
        File.Delete(manifestPath);
        foreach (string name in DataFiles)
            File.Move(Path.Combine(_folder, name + Partial), Path.Combine(_folder, name), overwrite: true);
        File.Move(manifestPath + Partial, manifestPath);
    }

    /// <summary>Deletes the temporary files if the dataset was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (FileStream file in _files)
            await file.DisposeAsync();
        foreach (string name in (string[])[.. DataFiles, PreparedDatasetFiles.Manifest])
            File.Delete(Path.Combine(_folder, name + Partial));
    }
}
