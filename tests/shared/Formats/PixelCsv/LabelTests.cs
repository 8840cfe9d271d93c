using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class LabelTests
{
    private static readonly string Image = SmallTable.Image(200);

    [Theory]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData(" ")]
    [InlineData("\"\"")]
    public async Task Empty_and_nan_are_missing_labels(string missing)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,b_x,b_y,Image\n{missing},{missing},1.5,2,{Image}\n");

        Assert.Equal([float.NaN, float.NaN, 1.5f, 2f], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal([0, 1], prepared.Dataset.Manifest.Labels);
        Assert.Equal(0, prepared.Dataset.Manifest.CompleteRows);
        Assert.Equal(["Keypoints without any label: a."], prepared.Report.Warnings);
    }

    [Fact]
    public async Task Half_a_label_is_missing_and_the_rest_of_the_row_is_kept()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,b_x,b_y,Image\n3,,1.5,2,{Image}\n1,1,1,1,{SmallTable.Image(7)}\n");

        Assert.Equal([float.NaN, float.NaN, 1.5f, 2f], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal(
            ["Rows with a keypoint that has only one coordinate and counts as missing: 1 (first: row 1, a)."], prepared.Report.Warnings);
    }

    [Fact]
    public async Task A_label_a_little_outside_the_frame_is_kept_with_a_warning()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(5, $"8.1,-1.2,{Image}", $"7.5,-0.5,{SmallTable.Image(9)}"));

        Assert.Equal([8.1f, -1.2f], prepared.Dataset.Keypoints(5).ToArray());
        Assert.Equal(["Rows kept although a keypoint is a little outside the frame: 1 (first: row 6, nose)."], prepared.Report.Warnings);
    }

    [Fact]
    public async Task Rows_without_labels_are_left_out_and_are_not_bad()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(1, $",,{Image}", $",,{SmallTable.Image(9)}"));

        Assert.Equal((3, 1, 0, 2), (prepared.Report.RowsIn, prepared.Report.RowsAccepted, prepared.Report.RowsRejected, prepared.Report.Unlabelled));
    }

    [Fact]
    public async Task A_file_with_no_label_at_all_is_refused()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync($"{SmallTable.Header}\n,,{Image}\n");

        Assert.Equal("training.csv has no row with an image and a label.", prepared.Rejection);
    }

    [Fact]
    public async Task A_repeated_row_is_kept_once_and_an_image_with_other_labels_is_kept_with_a_warning()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            SmallTable.With(0, $"1,2,{Image}", $"1.0, 2 ,{Image}", $"1,3,{Image}", $"1,3,\"{Image}\"", $"1,2,{SmallTable.Image(5)}"));

        Assert.Equal((5, 3, 2), (prepared.Report.RowsIn, prepared.Report.RowsAccepted, prepared.Report.Duplicates));
        Assert.Equal([1u, 3u, 5u], Enumerable.Range(0, 3).Select(prepared.Dataset.SourceRow));
        Assert.Equal(prepared.Dataset.SplitKey(0), prepared.Dataset.SplitKey(1));
        Assert.Equal(
            [
                "Rows left out because an earlier row has the same image and labels: 2 (first: row 2).",
                "Rows kept although an earlier row has the same image with other labels: 1 (first: row 3).",
            ],
            prepared.Report.Warnings);
    }
}
