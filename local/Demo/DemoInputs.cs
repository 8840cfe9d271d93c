using KeypointPipeline.Local.Demo.DrawnFaces;

namespace KeypointPipeline.Local.Demo;

/// <summary>What the demo drops.</summary>
/// <param name="Dataset">A labelled file.</param>
/// <param name="Images">A folder or zip of images.</param>
/// <param name="Truth">Where the keypoints of the images really are, for drawn ones.</param>
public sealed record DemoInputs(string Dataset, string Images, IReadOnlyList<DrawnFaceImage>? Truth)
{
    private const int Rows = 1200;
    private const int ImageCount = 60;
    private const ulong Seed = 20170713;

    /// <summary>Draws faces with Kaggle's pattern of missing labels and two bad rows, and photographs with one broken file.</summary>
    /// <param name="folder">Where to write them; created where missing.</param>
    /// <param name="progress">Told the number of rows drawn.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
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
