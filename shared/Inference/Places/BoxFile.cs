using KeypointPipeline.Files;

namespace KeypointPipeline.Inference.Places;

/// <summary>The file <c>boxes.csv</c> of a set of pictures. It states where their instances are, one row for each:
/// <c>image,box_x,box_y,box_width,box_height</c>, and optionally <c>instance</c> and <c>angle</c>. The results' <c>keypoints.csv</c> has
/// these columns too.</summary>
/// <remarks>The columns <c>box_x</c> and <c>box_y</c> are the distances of the box's left and top side from the picture's edges, in pixels
/// of the upright picture (<see cref="Images.PictureBox"/>). A picture is named by its path from the file's folder or from the set's
/// root.</remarks>
public static class BoxFile
{
    /// <summary>The file's name. Upper and lower case make no difference.</summary>
    public const string Name = "boxes.csv";

    /// <summary>The largest file in bytes that is read: about a million rows. Each chunk of a batch reads all of it once and keeps the rows
    /// of its own pictures.</summary>
    public const int LargestBytes = 64 * 1024 * 1024;

    /// <summary>Finds the file among the files of a set: at the root or, if all files lie in one folder, in that folder.</summary>
    /// <param name="paths">Paths of the files, with <c>/</c> between their parts.</param>
    /// <returns>Its path, or null if the set has none.</returns>
    public static string? Find(IEnumerable<string> paths) => RootFile.Find(paths, Name);

    /// <summary>The rejection of a file beyond <see cref="LargestBytes"/>.</summary>
    internal static RejectedFileException TooLarge(string file) => new(
        $"{file} has more than {LargestBytes:N0} bytes, which is the limit. Split the pictures into several batches, each with its own {Name}.");
}
