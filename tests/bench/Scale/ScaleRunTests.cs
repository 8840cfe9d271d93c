using Azure.Storage.Blobs.Models;
using KeypointPipeline.Bench.Scale;
using KeypointPipeline.Bench.Scale.Store;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Scale;

public sealed class ScaleRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_simulated_batch_has_a_row_for_each_image_in_order_and_leaves_no_work_behind()
    {
        string[] rows = [];

        ScaleFigures figures = await ScaleRun.RunAsync(
            5_500,
            keepsTables: true,
            new Progress<string>(),
            async storage =>
            {
                BlobDownloadResult csv = await storage.Blob(BlobLayout.Results, $"{ScaleRun.Batch}/{ResultFiles.Csv}").DownloadContentAsync(Cancel);
                rows = csv.Content.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            },
            Cancel);

        Assert.Equal(Enumerable.Range(0, 5_500).Select(GeneratedImages.Name), rows.Skip(1).Select(row => row.Split(',')[0]));
        Assert.Equal((5_495, 5), (figures.Summary.Succeeded, figures.Summary.Failed));
        Assert.Equal(200, figures.Summary.Overlays);
        Assert.True(figures.Journal.LongestHistory > 10 && figures.MostRequestsOfStep > 10, $"{figures.Journal} {figures.MostRequestsOfStep}");
    }
}
