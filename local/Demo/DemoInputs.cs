using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.Local.Demo.DrawnScenes;

namespace KeypointPipeline.Local.Demo;

/// <summary>The files that the demo drops.</summary>
/// <param name="Dataset">A labelled file.</param>
/// <param name="Images">A folder or zip of photos.</param>
/// <param name="Truth">The drawn photos with the true keypoints of their faces; null for photos that were not drawn.</param>
public sealed record DemoInputs(string Dataset, string Images, IReadOnlyList<DrawnScenePhoto>? Truth)
{
    private const int Rows = 1200;
    private const int PhotoCount = 40;
    private const ulong Seed = 20170713;

    /// <summary>Draws a dataset with Kaggle's pattern of missing labels and two bad rows, and a folder of photos of zero to six
    /// people with one broken file.</summary>
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
        IReadOnlyList<DrawnScenePhoto> truth = await DrawnScenePhotos.WriteAsync(
            images, new DrawnScenePhotosOptions(PhotoCount, Seed, WithBrokenFile: true), cancellationToken);
        return new DemoInputs(dataset, images, truth);
    }

    private sealed class RowProgress(IProgress<double> share) : IProgress<int>
    {
        public void Report(int value) => share.Report((double)value / Rows);
    }
}
