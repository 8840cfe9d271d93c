using System.Runtime.InteropServices;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Stored;

/// <summary>Reads rows of datasets in storage without a copy on this machine. Holds about as many of them in memory as a
/// piece has (64 MiB), so rows should be read in order.</summary>
public sealed class StoredRows
{
    private readonly Dataset[] _datasets;
    private Dataset? _loaded;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="manifests">The datasets, for example in the order of a row plan.</param>
    internal StoredRows(PipelineStorage storage, IEnumerable<DatasetManifest> manifests)
    {
        _datasets = [.. manifests.Select(manifest => new Dataset(storage, manifest))];
    }

    /// <summary>The datasets, in order. Only rows that were loaded last can be read.</summary>
    public IReadOnlyList<IDatasetRows> Datasets => _datasets;

    /// <summary>Loads a row and its neighbours, unless they are loaded. Rows that were loaded before can no longer be read then.</summary>
    /// <param name="dataset">Index of the dataset.</param>
    /// <param name="row">Index of the row in the dataset.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="FileNotFoundException">One of the dataset's files is not in storage.</exception>
    /// <exception cref="InvalidDataException">A file has another size than the manifest implies.</exception>
    public async ValueTask LoadAsync(int dataset, int row, CancellationToken cancellationToken)
    {
        Dataset wanted = _datasets[dataset];
        if (wanted.Has(row))
            return;
        _loaded?.Unload();
        _loaded = wanted;
        await wanted.LoadAsync(row, cancellationToken);
    }

    private sealed class Dataset(PipelineStorage storage, DatasetManifest manifest) : IDatasetRows
    {
        private readonly int _frame = manifest.Schema.FrameSize;
        private readonly int _coordinates = manifest.Schema.Count * 2;
        private byte[] _images = [];
        private byte[] _keypoints = [];
        private byte[] _sourceRows = [];
        private byte[] _states = [];
        private byte[] _places = [];
        private int _first;
        private int _count;

        public DatasetManifest Manifest => manifest;

        public ReadOnlySpan<byte> Image(int row) => _images.AsSpan(IndexOf(row) * _frame, _frame);

        public ReadOnlySpan<float> Keypoints(int row) => MemoryMarshal.Cast<byte, float>(_keypoints).Slice(IndexOf(row) * _coordinates, _coordinates);

        public uint SourceRow(int row) => MemoryMarshal.Cast<byte, uint>(_sourceRows)[IndexOf(row)];

        public FrameTransform? Place(int row)
        {
            if (_places.Length == 0)
                return null;
            ReadOnlySpan<double> place = MemoryMarshal.Cast<byte, double>(_places)[(IndexOf(row) * PreparedDatasetFiles.PlaceNumbers)..];
            return new FrameTransform(place[0], place[1], place[2]) { Angle = place[3] };
        }

        public ReadOnlySpan<LabelState> States(int row) => _states.Length == 0
            ? []
            : MemoryMarshal.Cast<byte, LabelState>(_states).Slice(IndexOf(row) * manifest.Schema.Count, manifest.Schema.Count);

        public bool Has(int row) => row >= _first && row < _first + _count;

        public void Unload()
        {
            _count = 0;
            (_images, _keypoints, _sourceRows, _states, _places) = ([], [], [], [], []);
        }

        public async Task LoadAsync(int row, CancellationToken cancellationToken)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, manifest.Rows);
            int most = DatasetPiece.RowsIn(_frame + (_coordinates * sizeof(float)) + sizeof(uint), manifest.PieceBytes ?? DatasetPiece.LargestBytes);
            int first = row - (row % most);
            int count = Math.Min(most, manifest.Rows - first);
            _images = await ReadAsync(PreparedDatasetFiles.Images, first, count, cancellationToken);
            _keypoints = await ReadAsync(PreparedDatasetFiles.Keypoints, first, count, cancellationToken);
            _sourceRows = await ReadAsync(PreparedDatasetFiles.Rows, first, count, cancellationToken);
            if (manifest.Framing is not null)
            {
                _states = await ReadAsync(PreparedDatasetFiles.States, first, count, cancellationToken);
                _places = await ReadAsync(PreparedDatasetFiles.Places, first, count, cancellationToken);
            }

            (_first, _count) = (first, count);
        }

        private int IndexOf(int row) => Has(row)
            ? row - _first
            : throw new InvalidOperationException($"Row {row:N0} of {manifest.DatasetId} is not loaded.");

        private Task<byte[]> ReadAsync(string file, int first, int count, CancellationToken cancellationToken) =>
            RowReading.ReadAsync(storage, manifest, file, first, count, cancellationToken);
    }
}
