using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>File names of a prepared dataset in a local folder. Under <c>prepared/{datasetId}/</c> the files are stored in pieces
/// (<see cref="Stored.DatasetPiece"/>). Numbers are little-endian and files have no headers, so that every file can be memory-mapped. N rows,
/// K keypoints, H×W frame.</summary>
public static class PreparedDatasetFiles
{
    /// <summary>The <see cref="DatasetManifest"/>, written last.</summary>
    public const string Manifest = "dataset.json";

    /// <summary>N·H·W grey bytes.</summary>
    public const string Images = "images.u8";

    /// <summary>N·K·2 single-precision coordinates (x, y) in frame pixels; NaN if the label is missing.</summary>
    public const string Keypoints = "keypoints.f32";

    /// <summary>N unsigned 32-bit source row numbers: 1 is the first row below the header.</summary>
    public const string Rows = "rows.u32";

    /// <summary>N unsigned 64-bit split keys: a hash of the row's <c>group</c> value, or of its image bytes if it has no group. If
    /// the pictures are files, the bytes are those of the file, so that all instances of a picture share the key.</summary>
    public const string SplitKeys = "splits.u64";

    /// <summary>N unsigned 64-bit image keys: a hash of the image bytes, or 0 for a picture without contrast. Rows with the same image
    /// key or the same group are on the same side of every training. Datasets prepared by earlier versions lack the file; planning
    /// adds it.</summary>
    public const string ImageKeys = "image-keys.u64";

    /// <summary>N·K bytes, each a <see cref="LabelState"/>. Only datasets whose pictures are files have it, like the next two.</summary>
    public const string States = "states.u8";

    /// <summary>N·4 double-precision numbers: where the row's frame is on its picture. Scale, left and top of <see cref="FrameTransform"/>,
    /// and its angle in degrees.</summary>
    public const string Places = "places.f64";

    /// <summary>N lines of JSON for people: a <see cref="RowPicture"/> each.</summary>
    public const string Pictures = "pictures.jsonl";

    /// <summary>The files that preparing a table with pixels writes, without the manifest.</summary>
    public static IReadOnlyList<string> Data { get; } = [Images, Keypoints, Rows, SplitKeys, ImageKeys];

    /// <summary>The same for labels whose pictures are files, without <see cref="Pictures"/>.</summary>
    public static IReadOnlyList<string> PictureData { get; } = [.. Data, States, Places];

    /// <summary>Numbers of a row in <see cref="Places"/>.</summary>
    internal const int PlaceNumbers = 4;

    /// <summary>The files of rows that a dataset has, without the manifest and <see cref="Pictures"/>.</summary>
    internal static IReadOnlyList<string> Of(DatasetManifest manifest) => manifest.Framing is null ? Data : PictureData;

    /// <summary>Bytes of a row in a file.</summary>
    /// <param name="file">One of <see cref="PictureData"/>.</param>
    /// <param name="schema">Keypoints and frame.</param>
    internal static int BytesPerRow(string file, KeypointSchema schema) => file switch
    {
        Images => schema.FrameSize,
        Keypoints => schema.Count * 2 * sizeof(float),
        Rows => sizeof(uint),
        SplitKeys or ImageKeys => sizeof(ulong),
        States => schema.Count,
        Places => PlaceNumbers * sizeof(double),
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, "The file has no rows."),
    };
}
