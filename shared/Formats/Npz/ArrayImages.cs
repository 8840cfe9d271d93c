using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Npz;

/// <summary>The images of a table's rows in a NumPy array beside the table: <c>.npz</c>, which is a zip of arrays, or <c>.npy</c>.</summary>
/// <param name="file">The file's name.</param>
/// <param name="images">The images.</param>
internal sealed class ArrayImages(string file, NpyImages images) : RowImages
{
    /// <summary>The array's name in the published copy of Kaggle's faces.</summary>
    private const string UsualArray = "face_images.npy";

    private int _image;

    /// <inheritdoc/>
    public override string Name => file;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Pixels => images.Image(_image);

    /// <inheritdoc/>
    public override string? Guess => images.Axes.Guess;

    /// <summary>Opens the images.</summary>
    /// <param name="array">The file.</param>
    /// <param name="table">Name of the table, for messages.</param>
    /// <param name="rows">Number of rows of the table.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RejectedFileException">The file does not hold one grey image for each row. The message says why.</exception>
    /// <exception cref="IOException">The file could not be read. Retry.</exception>
    public static async Task<ArrayImages> OpenAsync(SetFile array, string table, long rows, CancellationToken cancellationToken)
    {
        if (rows == 0)
            throw new RejectedFileException($"{table} has a header but no rows.");
        string name = FileNames.OwnName(array.Path);
        if (FileNames.IsSingleArray(array.Path))
            return new ArrayImages(name, await ReadAsync(name, array, table, rows, cancellationToken));
        await using ZipFileSet zip = await ZipFileSet.OpenAsync(new DatasetSource(array.Path, token => SeekableCopy.OpenAsync(array, token)), cancellationToken);
        return new ArrayImages(name, await ReadAsync(name, await ChooseAsync(name, zip, cancellationToken), table, rows, cancellationToken));
    }

    /// <inheritdoc/>
    public override RowFault? Parse(CsvTable table, FrameSize? usual, out FrameSize? frame)
    {
        _image = (int)table.Row - 1;
        frame = images.Frame;
        return null;
    }

    private static async Task<NpyImages> ReadAsync(string file, SetFile array, string table, long rows, CancellationToken cancellationToken)
    {
        await using Stream stream = await array.OpenAsync(cancellationToken);
        NpyHeader header = await NpyHeader.ReadAsync(file, stream, cancellationToken);
        return await NpyImages.ReadAsync(file, stream, ImageAxes.Find(file, header, table, rows), cancellationToken);
    }

    /// <summary>Chooses the array with the images: the one of the usual name, the only one, or the only one of bytes.</summary>
    private static async Task<SetFile> ChooseAsync(string file, ZipFileSet zip, CancellationToken cancellationToken)
    {
        SetFile[] arrays = [.. zip.Files.Where(entry => FileNames.IsSingleArray(entry.Path)).Select(entry => NamedFile.Of(zip, entry))];
        if (arrays.Length == 1 || Array.Exists(arrays, array => array.Path == UsualArray))
            return Array.Find(arrays, array => array.Path == UsualArray) ?? arrays[0];
        var shapes = new List<string>();
        var images = new List<SetFile>();
        foreach (SetFile array in arrays)
        {
            await using Stream stream = await array.OpenAsync(cancellationToken);
            NpyHeader header = await NpyHeader.ReadAsync($"{file}, {FileNames.OwnName(array.Path)}", stream, cancellationToken);
            shapes.Add($"{array.Path[..^FileNames.Array.Length]} ({header.Type}, {header.ShownShape})");
            if (ImageAxes.MayBeImages(header))
                images.Add(array);
        }

        return images.Count == 1
            ? images[0]
            : throw new RejectedFileException(
                $"{file} holds {(arrays.Length == 0 ? "no array" : $"{arrays.Length:N0} arrays: {ShownText.List(shapes)}")}; one array of images is expected, "
                + $"uint8 and height × width × images. Name it face_images: numpy.savez_compressed('{file}', face_images=images).");
    }
}
