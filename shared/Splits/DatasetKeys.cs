using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Splits;

/// <summary>The keys that connect the rows of a prepared dataset with other rows. Rows with the same image key or the same group key
/// belong together, in every dataset.</summary>
public sealed class DatasetKeys
{
    private readonly ulong[] _splitKeys;
    private readonly ulong[] _imageKeys;
    private readonly ulong[] _groupKeys;

    /// <summary>Creates the keys from the files of a prepared dataset.</summary>
    /// <param name="datasetId">Id of the dataset.</param>
    /// <param name="frame">Size of the dataset's frames.</param>
    /// <param name="splitKeys">Content of <see cref="PreparedDatasetFiles.SplitKeys"/>: a group's hash, or the picture's hash for a row
    /// without a group.</param>
    /// <param name="imageKeys">Content of <see cref="PreparedDatasetFiles.ImageKeys"/>, as many.</param>
    public DatasetKeys(string datasetId, FrameSize frame, ulong[] splitKeys, ulong[] imageKeys)
    {
        ArgumentNullException.ThrowIfNull(splitKeys);
        ArgumentNullException.ThrowIfNull(imageKeys);
        if (splitKeys.Length != imageKeys.Length)
            throw new ArgumentException($"Dataset {datasetId} has {splitKeys.Length:N0} split keys and {imageKeys.Length:N0} image keys.", nameof(imageKeys));
        DatasetId = datasetId;
        _splitKeys = splitKeys;
        _imageKeys = imageKeys;
        _groupKeys = GroupsOf(frame, splitKeys, imageKeys);
    }

    /// <summary>Id of the dataset.</summary>
    public string DatasetId { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => _splitKeys.Length;

    /// <summary>The rows' split keys. The rule of earlier versions decides by them: <see cref="OldSplitRule"/>.</summary>
    public IReadOnlyList<ulong> SplitKeys => _splitKeys;

    /// <summary>The rows' image keys. 0 for a picture without contrast, which connects nothing.</summary>
    public IReadOnlyList<ulong> ImageKeys => _imageKeys;

    /// <summary>The rows' group keys. 0 for a row without a group.</summary>
    public IReadOnlyList<ulong> GroupKeys => _groupKeys;

    /// <summary>Reads the keys of a dataset on this machine. Hashes its pictures if it was prepared by an earlier version.</summary>
    public static DatasetKeys Read(PreparedDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ulong[] splitKeys = new ulong[dataset.Rows];
        ulong[] imageKeys = new ulong[dataset.Rows];
        for (int row = 0; row < splitKeys.Length; row++)
        {
            splitKeys[row] = dataset.SplitKey(row);
            imageKeys[row] = dataset.ImageKey(row);
        }

        KeypointSchema schema = dataset.Manifest.Schema;
        return new DatasetKeys(dataset.Manifest.DatasetId, new FrameSize(schema.FrameWidth, schema.FrameHeight), splitKeys, imageKeys);
    }

    /// <summary>A row has a group if its split key is not its picture's hash. The image key of a picture without contrast is not its hash,
    /// but there are only 256 such pictures of a size.</summary>
    private static ulong[] GroupsOf(FrameSize frame, ulong[] splitKeys, ulong[] imageKeys)
    {
        HashSet<ulong>? flat = null;
        ulong[] groups = new ulong[splitKeys.Length];
        for (int row = 0; row < groups.Length; row++)
        {
            bool hasGroup = imageKeys[row] == 0
                ? !(flat ??= ImageKey.HashesWithoutContrast(frame.Pixels)).Contains(splitKeys[row])
                : splitKeys[row] != imageKeys[row];
            groups[row] = hasGroup ? splitKeys[row] : 0;
        }

        return groups;
    }
}
