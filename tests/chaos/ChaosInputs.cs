using System.IO.Compression;
using KeypointPipeline.Local.Demo.DrawnFaces;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>The files that are dropped into each data folder.</summary>
/// <param name="Early">Dropped first: a labelled file with two bad rows, a file that is not a dataset and a folder of images, one of them
/// broken.</param>
/// <param name="Late">Dropped after half of the faults: a zip of images.</param>
internal sealed record ChaosInputs(IReadOnlyList<string> Early, string Late)
{
    private const ulong Seed = 4;

    /// <summary>Draws the files.</summary>
    /// <param name="folder">The folder to write to.</param>
    /// <param name="rows">Labelled rows.</param>
    /// <param name="images">Images in the folder, without the broken one.</param>
    /// <param name="zipped">Images in the zip.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    public static async Task<ChaosInputs> DrawAsync(string folder, int rows, int images, int zipped, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string dataset = Path.Combine(folder, "faces.zip");
        await DrawnFaceDataset.WriteAsync(dataset, new DrawnFaceDatasetOptions(rows, Seed, WithBadRows: true), progress: null, cancellationToken);
        string unusable = Path.Combine(folder, "shopping.csv");
        await File.WriteAllTextAsync(unusable, "what,how many\nbread,1\n", cancellationToken);
        string photos = Path.Combine(folder, "photos");
        await DrawnFaceImages.WriteAsync(photos, new DrawnFaceImagesOptions(images, Seed, WithBrokenFile: true), cancellationToken);
        string more = Path.Combine(folder, "more photos");
        await DrawnFaceImages.WriteAsync(more, new DrawnFaceImagesOptions(zipped, Seed + 1, WithBrokenFile: false), cancellationToken);
        string zip = more + ".zip";
        await ZipFile.CreateFromDirectoryAsync(more, zip, cancellationToken);
        return new ChaosInputs([dataset, unusable, photos], zip);
    }
}
