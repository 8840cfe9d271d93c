using KeypointPipeline.Local.Demo.DrawnFaces;

namespace KeypointPipeline.Local.Demo;

/// <summary>The files that the demo drops.</summary>
/// <param name="Dataset">A labelled file.</param>
/// <param name="Images">A folder or zip of images.</param>
/// <param name="Truth">The drawn images with their true keypoints; null for images that were not drawn.</param>
public sealed record DemoInputs(string Dataset, string Images, IReadOnlyList<DrawnFaceImage>? Truth)
{
    private const int Rows = 1200;
    private const int ImageCount = 60;
    private const ulong Seed = 20170713;

    /// <summary>Draws a dataset with Kaggle's pattern of missing labels and two bad rows, and a folder of images with one broken file.</summary>
    /// <param name="folder">Folder to write to; created if it is missing.</param>
    /// <param name="progress">Receives the share of rows drawn, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the drawing.</param>
    public static async Task<DemoInputs> DrawAsync(string folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string dataset = Path.Combine(folder, "training.zip");
        string images = Path.Combine(folder, "photos");
        var rows = progress is null ? null : new RowProgress(progress);
        await DrawnFaceDataset.WriteAsync(dataset, new DrawnFaceDatasetOptions(Rows, Seed, WithBadRows: true), rows, cancellationToken);
        IReadOnlyList<DrawnFaceImage> truth = await DrawnFaceImages.WriteAsync(
            images, new DrawnFaceImagesOptions(ImageCount, Seed, WithBrokenFile: true), cancellationToken);
        return new DemoInputs(dataset, images, truth);
    }

    private sealed class RowProgress(IProgress<double> share) : IProgress<int>
    {
        public void Report(int value) => share.Report((double)value / Rows);
    }
}
