using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace KeypointPipeline.Datasets.Writing;

/// <summary>Writes a prepared dataset row by row. If it is disposed before it is completed, nothing of it is left.</summary>
/// <param name="keypoints">Number of keypoints, K.</param>
internal abstract class PreparedDatasetWriter(int keypoints) : IAsyncDisposable
{
    private readonly byte[] _small = new byte[(keypoints * 2 * sizeof(float)) + sizeof(uint) + (2 * sizeof(ulong))];

    /// <summary>Names of the files, in the order of their indexes.</summary>
    protected static IReadOnlyList<string> Files => PreparedDatasetFiles.Data;

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
        await AppendAsync(0, pixels, cancellationToken);
        await AppendAsync(1, numbers, cancellationToken);
        await AppendAsync(2, row, cancellationToken);
        await AppendAsync(3, key, cancellationToken);
        await AppendAsync(4, image, cancellationToken);
    }

    /// <summary>Completes the dataset after its last row.</summary>
    public abstract Task CompleteAsync(DatasetManifest manifest, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Appends a row to a file.</summary>
    /// <param name="file">Index in <see cref="Files"/>.</param>
    /// <param name="row">The row's bytes, as many for every row of the file.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    protected abstract ValueTask AppendAsync(int file, ReadOnlyMemory<byte> row, CancellationToken cancellationToken);
}
