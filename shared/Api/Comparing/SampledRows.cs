using System.Runtime.InteropServices;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Comparing;

/// <summary>A few rows of a dataset in storage, in memory. Other rows cannot be read.</summary>
/// <param name="manifest">The dataset.</param>
internal sealed class SampledRows(DatasetManifest manifest) : IDatasetRows
{
    private readonly Dictionary<int, (byte[] Image, byte[] Keypoints)> _rows = [];

    /// <inheritdoc/>
    public DatasetManifest Manifest => manifest;

    /// <summary>Reads a row.</summary>
    public async Task LoadAsync(PipelineStorage storage, int row, CancellationToken cancellationToken)
    {
        byte[] image = await RowReading.ReadAsync(storage, manifest, PreparedDatasetFiles.Images, row, count: 1, cancellationToken);
        byte[] keypoints = await RowReading.ReadAsync(storage, manifest, PreparedDatasetFiles.Keypoints, row, count: 1, cancellationToken);
        lock (_rows)
            _rows[row] = (image, keypoints);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Image(int row) => _rows[row].Image;

    /// <inheritdoc/>
    public ReadOnlySpan<float> Keypoints(int row) => MemoryMarshal.Cast<byte, float>(_rows[row].Keypoints);

    /// <inheritdoc/>
    public uint SourceRow(int row) => throw new NotSupportedException("A comparison needs no source rows.");

    /// <inheritdoc/>
    public FrameTransform? Place(int row) => null;

    /// <inheritdoc/>
    public ReadOnlySpan<LabelState> States(int row) => [];
}
