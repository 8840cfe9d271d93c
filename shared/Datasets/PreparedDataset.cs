using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Datasets;

/// <summary>A prepared dataset in a local folder, memory-mapped. Opening it reads only the manifest; rows come from the page cache.
/// Spans that it returns are valid until <see cref="Dispose"/>. Any number of threads can read at once.</summary>
public sealed class PreparedDataset : IDatasetRows, IDisposable
{
    private readonly MappedFile<byte> _images;
    private readonly MappedFile<float> _keypoints;
    private readonly MappedFile<uint> _sourceRows;
    private readonly MappedFile<ulong> _splitKeys;
    private readonly MappedFile<ulong>? _imageKeys;
    private readonly MappedFile<LabelState>? _states;
    private readonly MappedFile<double>? _places;

    private PreparedDataset(
        DatasetManifest manifest,
        MappedFile<byte> images,
        MappedFile<float> keypoints,
        MappedFile<uint> sourceRows,
        MappedFile<ulong> splitKeys,
        MappedFile<ulong>? imageKeys,
        MappedFile<LabelState>? states,
        MappedFile<double>? places)
    {
        Manifest = manifest;
        _images = images;
        _keypoints = keypoints;
        _sourceRows = sourceRows;
        _splitKeys = splitKeys;
        _imageKeys = imageKeys;
        _states = states;
        _places = places;
    }

    /// <inheritdoc/>
    public DatasetManifest Manifest { get; }

    /// <summary>Number of rows, N; at least one.</summary>
    public int Rows => Manifest.Rows;

    /// <summary>Opens a folder written by <see cref="DatasetPreparation"/> (file names: <see cref="PreparedDatasetFiles"/>).</summary>
    /// <exception cref="InvalidDataException">The manifest is missing or invalid, or a file has another size than the manifest
    /// implies. The message names the file and the expected bytes.</exception>
    public static PreparedDataset Open(string folder)
    {
        DatasetManifest manifest = ReadManifest(Path.Combine(folder, PreparedDatasetFiles.Manifest));
        KeypointSchema schema = manifest.Schema;
        var opened = new Stack<IDisposable>();
        try
        {
            return new PreparedDataset(
                manifest,
                Map<byte>(PreparedDatasetFiles.Images, schema.FrameSize),
                Map<float>(PreparedDatasetFiles.Keypoints, schema.Count * 2),
                Map<uint>(PreparedDatasetFiles.Rows, 1),
                Map<ulong>(PreparedDatasetFiles.SplitKeys, 1),
                MapIfThere<ulong>(PreparedDatasetFiles.ImageKeys, 1),
                MapIfThere<LabelState>(PreparedDatasetFiles.States, schema.Count),
                MapIfThere<double>(PreparedDatasetFiles.Places, PreparedDatasetFiles.PlaceNumbers));
        }
        catch
        {
            while (opened.TryPop(out IDisposable? file))
                file.Dispose();
            throw;
        }

        MappedFile<T>? MapIfThere<T>(string name, int perRow)
            where T : unmanaged => File.Exists(Path.Combine(folder, name)) ? Map<T>(name, perRow) : null;

        MappedFile<T> Map<T>(string name, int perRow)
            where T : unmanaged
        {
            var file = new MappedFile<T>(Path.Combine(folder, name), manifest.Rows, perRow);
            opened.Push(file);
            return file;
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Image(int row) => _images[row];

    /// <inheritdoc/>
    public ReadOnlySpan<float> Keypoints(int row) => _keypoints[row];

    /// <inheritdoc/>
    public uint SourceRow(int row) => _sourceRows[row][0];

    /// <inheritdoc/>
    public FrameTransform? Place(int row) =>
        _places is null ? null : new FrameTransform(_places[row][0], _places[row][1], _places[row][2]) { Angle = _places[row][3] };

    /// <inheritdoc/>
    public ReadOnlySpan<LabelState> States(int row) => _states is null ? [] : _states[row];

    /// <summary>Returns the row's split key: see <see cref="PreparedDatasetFiles.SplitKeys"/>.</summary>
    /// <param name="row">0 to <see cref="Rows"/> − 1.</param>
    public ulong SplitKey(int row) => _splitKeys[row][0];

    /// <summary>Returns the row's image key: see <see cref="PreparedDatasetFiles.ImageKeys"/>. Computes it if the dataset lacks the
    /// file.</summary>
    /// <param name="row">0 to <see cref="Rows"/> − 1.</param>
    public ulong ImageKey(int row) => _imageKeys is null ? Datasets.ImageKey.Of(Image(row)) : _imageKeys[row][0];

    /// <summary>Unmaps the files. Spans returned before must not be used afterwards.</summary>
    public void Dispose()
    {
        _images.Dispose();
        _keypoints.Dispose();
        _sourceRows.Dispose();
        _splitKeys.Dispose();
        _imageKeys?.Dispose();
        _states?.Dispose();
        _places?.Dispose();
    }

    private static DatasetManifest ReadManifest(string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"{path} is missing: this is not a prepared dataset, or its preparation did not finish. Prepare the dataset again.");
        try
        {
            DatasetManifest manifest = PipelineJson.Read<DatasetManifest>(File.ReadAllText(path));
            if (manifest.Schema is null || manifest.Labels is null || manifest.Rows < 1 || manifest.Labels.Count != manifest.Schema.Count)
                throw new InvalidDataException($"{path} is not a dataset's manifest: schema, rows (at least 1) and one label count per keypoint are expected.");
            return manifest;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is not a dataset's manifest: {e.Message}", e);
        }
    }
}
