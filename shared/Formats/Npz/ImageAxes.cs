using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.Npz;

/// <summary>The meaning of an array's axes: which one counts the images, and in which order the file holds the pixels.</summary>
/// <param name="Images">Number of images, N.</param>
/// <param name="Frame">Size of each image.</param>
/// <param name="ImagesFastest">Whether the file holds the first pixel of all images, then the second of all, and so on. Otherwise it
/// holds one image after the other.</param>
/// <param name="ColumnsFirst">Whether the file goes down the columns of an image. Otherwise it goes along the rows.</param>
/// <param name="Guess">What a person should check, or null: the shape alone does not say which axis counts the images.</param>
internal sealed record ImageAxes(int Images, FrameSize Frame, bool ImagesFastest, bool ColumnsFirst, string? Guess = null)
{
    private const string ByteType = "u1";

    /// <summary>Finds the axes. The published copy of Kaggle's faces is H×W×N; N×H×W is what most programs write.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="header">The array's header.</param>
    /// <param name="table">Name of the table, for messages.</param>
    /// <param name="rows">Number of rows of the table: one for each image.</param>
    /// <exception cref="RejectedFileException">The array does not hold one grey image for each row. The message gives both
    /// numbers.</exception>
    public static ImageAxes Find(string file, NpyHeader header, string table, long rows)
    {
        RequireBytes(file, header);
        int[] axes = WithoutChannel(header.Shape);
        if (axes.Length != 3)
        {
            throw new RejectedFileException(
                $"{file} has the shape {header.ShownShape}; height × width × images or images × height × width is expected, with one grey value a pixel.");
        }

        ImageAxes last = Of(axes[2], axes[1], axes[0], imagesLast: true, header);
        ImageAxes first = Of(axes[0], axes[2], axes[1], imagesLast: false, header);
        ImageAxes[] fitting = [.. ((ImageAxes[])[last, first]).Where(way => way.Images == rows && way.Frame.IsSupported)];
        if (fitting.Length == 0)
            throw Unfitting(file, header, table, rows, last.Frame.IsSupported ? last : first);
        return fitting.Length == 1
            ? fitting[0]
            : fitting[0] with
            {
                Guess = $"{file} has the shape {header.ShownShape}: its last axis is taken as the images, as in Kaggle's file. "
                    + "If its first axis is, save it with numpy.moveaxis(images, 0, -1).",
            };
    }

    /// <summary>Whether an array may hold grey images: bytes with three axes.</summary>
    public static bool MayBeImages(NpyHeader header) => HasBytes(header) && WithoutChannel(header.Shape).Length == 3;

    private static bool HasBytes(NpyHeader header) => header.Type.TrimStart('|', '<', '>', '=') == ByteType;

    /// <summary>Refuses elements other than bytes.</summary>
    /// <exception cref="RejectedFileException">The array has another type.</exception>
    private static void RequireBytes(string file, NpyHeader header)
    {
        if (header.Type.Contains('O', StringComparison.Ordinal))
        {
            throw new RejectedFileException(
                $"{file} holds Python objects (pickled). They are not read, because loading them can run any program. Save the pixels as numbers: images.astype(numpy.uint8).");
        }

        if (!HasBytes(header))
            throw new RejectedFileException($"{file} holds elements of type {ShownText.Of(header.Type)}; uint8 is read. Save whole numbers from 0 to 255 as images.astype(numpy.uint8).");
    }

    /// <summary>Removes the axis of length 1 that some programs write for the one grey channel.</summary>
    private static int[] WithoutChannel(IReadOnlyList<int> shape) =>
        shape.Count == 4 && shape[3] == 1 ? [.. shape.Take(3)]
        : shape.Count == 4 && shape[2] == 1 ? [shape[0], shape[1], shape[3]]
        : [.. shape];

    private static ImageAxes Of(int images, int width, int height, bool imagesLast, NpyHeader header) =>
        new(images, new FrameSize(width, height), ImagesFastest: imagesLast != header.FortranOrder, ColumnsFirst: header.FortranOrder);

    private static RejectedFileException Unfitting(string file, NpyHeader header, string table, long rows, ImageAxes likely) => likely.Frame.IsSupported
        ? new($"{table} has {rows:N0} rows, but {file} holds {likely.Images:N0} images (its shape is {header.ShownShape}). One row for each image is expected, in the same order.")
        : new($"{file} has the shape {header.ShownShape}; images of 8 to 1,024 pixels a side are expected, one for each of the {rows:N0} rows of {table}.");
}
