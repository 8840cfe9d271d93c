using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Datasets.Writing;

/// <summary>Writes a prepared dataset row by row. If it is disposed before it is completed, nothing of it is left.</summary>
/// <param name="keypoints">Number of keypoints, K.</param>
internal abstract class PreparedDatasetWriter(int keypoints) : IAsyncDisposable
{
    private const byte LineFeed = (byte)'\n';

    private readonly byte[] _place = new byte[PreparedDatasetFiles.PlaceNumbers * sizeof(double)];
    private readonly byte[] _states = new byte[keypoints];
    private readonly byte[] _small = new byte[(keypoints * 2 * sizeof(float)) + sizeof(uint) + (2 * sizeof(ulong))];
    private int _rows;

    /// <summary>Returns the names of the files of rows, in the order of their indexes.</summary>
    /// <param name="ofPictures">Whether the pictures are files.</param>
    protected static IReadOnlyList<string> FilesOf(bool ofPictures) => ofPictures ? PreparedDatasetFiles.PictureData : PreparedDatasetFiles.Data;

    /// <summary>Adds a row.</summary>
    /// <param name="pixels">H·W grey bytes.</param>
    /// <param name="coordinates">K·2 coordinates.</param>
    /// <param name="sourceRow">The row's number in the source.</param>
    /// <param name="splitKey">The row's split key.</param>
    /// <param name="imageKey">The row's image key: see <see cref="ImageKey"/>.</param>
    /// <param name="framed">What else a row has whose picture is a file; otherwise null.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async ValueTask AddAsync(
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<float> coordinates,
        uint sourceRow,
        ulong splitKey,
        ulong imageKey,
        FramedRow? framed,
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
        if (framed is not null)
            await AppendAsync(framed, cancellationToken);
        _rows++;
    }

    /// <summary>Completes the dataset after its last row.</summary>
    public abstract Task CompleteAsync(DatasetManifest manifest, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Appends a row to a file.</summary>
    /// <param name="file">Index in <see cref="FilesOf"/>.</param>
    /// <param name="row">The row's bytes, as many for every row of the file.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    protected abstract ValueTask AppendAsync(int file, ReadOnlyMemory<byte> row, CancellationToken cancellationToken);

    /// <summary>Appends a line to <see cref="PreparedDatasetFiles.Pictures"/>.</summary>
    protected abstract ValueTask AppendLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken);

    private async ValueTask AppendAsync(FramedRow framed, CancellationToken cancellationToken)
    {
        MemoryMarshal.AsBytes<LabelState>(framed.States).CopyTo(_states);
        FrameTransform place = framed.Place;
        for (int i = 0; i < PreparedDatasetFiles.PlaceNumbers; i++)
        {
            double number = i switch { 0 => place.Scale, 1 => place.Left, 2 => place.Top, _ => place.Angle };
            BinaryPrimitives.WriteDoubleLittleEndian(_place.AsSpan(i * sizeof(double)), number);
        }

        byte[] line = JsonSerializer.SerializeToUtf8Bytes(new RowPicture(_rows, framed.Picture, framed.Instance, framed.Box), PipelineJson.Compact);
        await AppendAsync(5, _states, cancellationToken);
        await AppendAsync(6, _place, cancellationToken);
        await AppendLineAsync((byte[])[.. line, LineFeed], cancellationToken);
    }
}
