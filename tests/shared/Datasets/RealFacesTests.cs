using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

/// <summary>Kaggle's format with real faces: <c>shared/data/faces</c>.</summary>
public sealed class RealFacesTests
{
    [Fact]
    public async Task The_training_file_is_read_as_downloaded()
    {
        string path = SharedData.Require("data", "faces", "training.zip");
        using var folder = TestFolder.Create("faces");

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(
            DatasetSource.FromFile(path), folder.Path, cancellationToken: TestContext.Current.CancellationToken);

        DatasetReport report = outcome.Report;
        Assert.True(outcome.Accepted, report.Rejection);
        Assert.Equal(("training.zip", "training.csv"), (report.Source, report.File));
        Assert.Equal((2_893, 2_891, 0, 2, 0), (report.RowsIn, report.RowsAccepted, report.RowsRejected, report.Duplicates, report.Unlabelled));
        Assert.Equal((870, new FrameSize(96, 96)), (report.CompleteRows, report.Frame));
        Assert.Equal(15, outcome.Manifest.Schema.Count);
        Assert.Equal(2_876, report.Labels.Single(l => l.Keypoint == "left_eye_center").Labels);
        Assert.Equal("ds-7f02b4d83015f920", report.DatasetId);

        using PreparedDataset dataset = PreparedDataset.Open(folder.Path);
        Assert.Equal([59.65629f, 33.68367f, 26.56046f, 39.77331f], dataset.Keypoints(0)[..4].ToArray());
        Assert.Equal([25, 25, 24, 23, 22, 22, 21, 19], dataset.Image(0)[..8].ToArray());
        Assert.Equal(2_893u, dataset.SourceRow(dataset.Rows - 1));
        int heldOut = Enumerable.Range(0, dataset.Rows).Count(row => DatasetSplit.IsValidation(dataset.SplitKey(row)));
        Assert.InRange(heldOut, 0.08 * dataset.Rows, 0.12 * dataset.Rows);
    }

    [Fact]
    public async Task The_validation_file_keeps_all_its_rows()
    {
        string path = SharedData.Require("data", "faces", "validation.zip");
        using var folder = TestFolder.Create("faces");

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(
            DatasetSource.FromFile(path), folder.Path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((675, 675), (outcome.Report.RowsAccepted, outcome.Report.CompleteRows));
        Assert.Empty(outcome.Report.Warnings);
    }
}
