using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Storage;

namespace KeypointPipeline.TestSupport;

/// <summary>Draws files to drop, small enough for a test.</summary>
public static class DrawnInputs
{
    /// <summary>The image of <see cref="DrawImagesAsync"/> that cannot be read.</summary>
    public const string BrokenImage = DrawnFaceImages.BrokenFileName;

    /// <summary>The keypoints of every drawn face, in the order of the dataset's columns.</summary>
    public static IReadOnlyList<string> KeypointNames => DrawnFace.KeypointNames;

    /// <summary>Draws a labelled file with two bad rows.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> DrawDatasetAsync(TemporaryFolder folder, int rows, ulong seed, CancellationToken cancellationToken)
    {
        string path = folder.File($"faces {seed}.zip");
        await DrawnFaceDataset.WriteAsync(path, new DrawnFaceDatasetOptions(rows, seed, WithBadRows: true), progress: null, cancellationToken);
        return path;
    }

    /// <summary>Draws a folder of images with one broken file.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> DrawImagesAsync(TemporaryFolder folder, int count, CancellationToken cancellationToken)
    {
        string path = folder.File("holiday photos ü");
        await DrawnFaceImages.WriteAsync(path, new DrawnFaceImagesOptions(count, 5, WithBrokenFile: true), cancellationToken);
        return path;
    }
}
