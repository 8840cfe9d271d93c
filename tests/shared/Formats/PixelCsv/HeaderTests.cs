using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class HeaderTests
{
    private static readonly string Image = SmallTable.Image(3);

    [Fact]
    public async Task Keypoints_keep_the_headers_order_and_other_columns_are_ignored_with_a_warning()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $",Pupil_Y,left lid_x,score,pupil_x,PIXELS,left lid_y,notes\n0,2,3,0.9,1,{Image},4,good\n");

        Assert.Equal(["Pupil", "left lid"], prepared.Dataset.Manifest.Schema.Names);
        Assert.Equal([1f, 2f, 3f, 4f], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal(["Ignored columns: column 1 (no name), score, notes."], prepared.Report.Warnings);
    }

    [Theory]
    [InlineData("a_x,a_y", "there is no image column (Image or pixels)")]
    [InlineData("ImageId,Image", "there are no keypoint columns (<name>_x, <name>_y)")]
    [InlineData("a_x,a_y,b_x,Image", "b_x has no b_y")]
    [InlineData("a_x,a_y,b_y,Image", "b_y has no b_x")]
    [InlineData("a_x,a_y,a_x,Image", "a_x occurs twice")]
    [InlineData("a_x,a_y,A_Y,Image", "A_Y occurs twice")]
    [InlineData("a_x,a_y,Image,pixels", "there are 2 image columns: Image, pixels")]
    [InlineData("a_x,a_y,group,Group,Image", "group occurs twice")]
    [InlineData("_x,_y,a_x,a_y,Image", "column 1, _x, does not name a keypoint; column 2, _y, does not name a keypoint")]
    [InlineData("a_x,a_y,Image_4x8", "the frame is 4×8, but only sides of 8 to 1,024 pixels are supported")]
    [InlineData("b_x,a_y,c_x,c_y", "there is no image column (Image or pixels); b_x has no b_y; a_y has no a_x")]
    [InlineData("12.5,13,0 1 2", "there is no image column (Image or pixels); there are no keypoint columns (<name>_x, <name>_y). These columns hold numbers and may be coordinates: 12.5, 13. Name each pair <name>_x and <name>_y")]
    [InlineData("12.5,13", "it is a row of numbers, so the file seems to have no header; there are no keypoint columns (<name>_x, <name>_y)")]
    public async Task A_header_that_cannot_be_used_is_refused_with_its_columns(string header, string problem)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync($"{header}\n1,2,{Image}\n");

        Assert.Equal($"training.csv: the header cannot be used: {problem}.", prepared.Rejection);
    }

    [Theory]
    [InlineData("a_x,a_y,Image\r1,2,3", "training.csv: the header contains zero bytes or bare carriage returns: save the file as UTF-8 with LF or CRLF line ends.")]
    [InlineData("a_x\0,a_y,Image", "training.csv: the header contains zero bytes or bare carriage returns: save the file as UTF-8 with LF or CRLF line ends.")]
    [InlineData("\"a_x,a_y,Image", "training.csv: the header is not valid CSV: it is too long, or it has a quote that is not closed or is followed by text.")]
    public async Task A_first_line_that_is_no_header_is_refused_with_what_to_do(string header, string reason)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(header + "\n");

        Assert.Equal(reason, prepared.Rejection);
    }

    [Fact]
    public async Task A_header_with_absurdly_many_columns_is_refused()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            "a" + new string(',', DatasetLimits.Columns) + "\n");

        Assert.Equal("training.csv: the header has 266,241 columns: at most 266,240 are allowed.", prepared.Rejection);
    }

    [Fact]
    public async Task Many_problems_are_told_in_a_short_message()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"{new string('k', 50)}{i}_x")) + "\n");

        Assert.EndsWith(" and 991 more.", prepared.Rejection, StringComparison.Ordinal);
        Assert.InRange(prepared.Rejection.Length, 100, 2_000);
    }

    [Theory]
    [InlineData("Image_16x8", false)]
    [InlineData("pixels", true)]
    public async Task A_frame_that_is_not_square_is_stated_by_the_image_columns_name_or_the_options(string column, bool option)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,{column}\n15.5,7.5,{SmallTable.Image(1, 128)}\n",
            new DatasetOptions { Frame = option ? new FrameSize(16, 8) : null });

        Assert.Equal((16, 8), (prepared.Dataset.Manifest.Schema.FrameWidth, prepared.Dataset.Manifest.Schema.FrameHeight));
        Assert.Empty(prepared.Report.Warnings);
    }

    [Fact]
    public async Task Frames_that_contradict_each_other_are_refused()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            "a_x,a_y,Image_16x8\n", new DatasetOptions { Frame = new FrameSize(8, 16) });

        Assert.Equal(
            "training.csv: the header cannot be used: Image_16x8 states the frame 16×8, but 8×16 is stated for it.", prepared.Rejection);
    }

    [Fact]
    public async Task The_frame_is_the_first_good_rows_square()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"{SmallTable.Header}\n1,1,{SmallTable.Image(1, 65)}\n99,1,{SmallTable.Image(1, 100)}\n{SmallTable.Row(1)}\n{SmallTable.Row(2)}\n",
            new DatasetOptions { MaximumBadShare = 0.5 });

        Assert.Equal(new FrameSize(8, 8), prepared.Report.Frame);
        Assert.Equal(
            [
                "training.csv row 1, column Image: 65 pixels are not a square of 8 to 1,024 pixels a side, and no frame is stated: a column name such as Image_128x96 states it",
                "training.csv row 2, column nose_x: 99 is more than 10 % of a side outside the 10×10 frame",
            ],
            prepared.Report.Problems.Select(p => p.Message));
    }
}
