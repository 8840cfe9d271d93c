using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class OneColumnPerPixelTests
{
    [Theory]
    [InlineData("pixel", 0)]
    [InlineData("pixel", 1)]
    [InlineData("Pixel_", 0)]
    [InlineData("px ", 1)]
    [InlineData("", 0)]
    public async Task Pixels_in_columns_of_their_own_give_the_dataset_of_pixels_in_one(string word, int first)
    {
        string names = string.Join(',', Enumerable.Range(first, 64).Select(i => $"{word}{i}"));
        string csv = $"{names},nose_x,nose_y\n" + string.Concat(Enumerable.Range(0, 5).Select(row =>
            $"{SmallTable.Image(row).Replace(' ', ',')},{row % 8},{(row + 3) % 8}\n"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);
        using PreparedForTest plain = await PreparedForTest.FromAsync(SmallTable.With(5));

        Assert.Equal(plain.Report.DatasetId, prepared.Report.DatasetId);
        Assert.Equal([$"Pixels: one column each, {word.Trim()}{(word == "px " ? " " : "")}{first} … {word}{first + 63} (8×8)."], prepared.Report.Guessed);
        Assert.Empty(prepared.Report.Warnings);
    }

    [Fact]
    public async Task The_order_of_the_columns_does_not_matter_and_pixels_may_be_floats()
    {
        int[] order = [.. Enumerable.Range(0, 64).OrderBy(i => $"{i}", StringComparer.Ordinal)];
        string[] pixels = SmallTable.Image(4).Split(' ');
        string csv = $"nose_x,nose_y,{string.Join(',', order.Select(i => $"pixel{i}"))}\n4,7,{string.Join(',', order.Select(i => $"{pixels[i]}.0"))}\n";

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);

        Assert.Equal(SmallTable.Image(4), string.Join(' ', prepared.Dataset.Image(0).ToArray()));
    }

    [Fact]
    public async Task Lines_and_columns_in_the_names_state_the_frame()
    {
        string names = string.Join(',', Enumerable.Range(1, 8).SelectMany(line => Enumerable.Range(1, 16).Select(column => $"{line}x{column}")));

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"nose_x,nose_y,{names}\n15,7,{SmallTable.Image(1, 128).Replace(' ', ',')}\n");

        Assert.Equal(new FrameSize(16, 8), prepared.Report.Frame);
        Assert.Equal(SmallTable.Image(1, 128), string.Join(' ', prepared.Dataset.Image(0).ToArray()));
    }

    [Fact]
    public async Task A_frame_of_Kaggles_size_has_9216_columns()
    {
        string names = string.Join(',', Enumerable.Range(0, 96 * 96).Select(i => $"pixel{i}"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"nose_x,nose_y,{names}\n95,0,{SmallTable.Image(1, 96 * 96).Replace(' ', ',')}\n");

        Assert.Equal(new FrameSize(96, 96), prepared.Report.Frame);
        Assert.Equal(SmallTable.Image(1, 96 * 96), string.Join(' ', prepared.Dataset.Image(0).ToArray()));
    }

    [Theory]
    [InlineData(0, 65, -1, "the 65 pixel columns (pixel0 … pixel64) are not a square, and no frame is stated")]
    [InlineData(0, 80, 7, "of the pixel columns pixel0 … pixel79, number 7 is missing")]
    [InlineData(2, 64, -1, "of the pixel columns pixel2 … pixel65, number 0 is missing")]
    public async Task Pixel_columns_that_are_no_image_are_named(int first, int count, int left, string problem)
    {
        string names = string.Join(',', Enumerable.Range(first, count).Where(i => i != left).Select(i => $"pixel{i}"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"nose_x,nose_y,{names}\n1,2,3\n");

        Assert.Contains(problem, prepared.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stated_frame_must_have_as_many_pixels()
    {
        string names = string.Join(',', Enumerable.Range(0, 64).Select(i => $"pixel{i}"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"nose_x,nose_y,{names}\n1,2,3\n", new DatasetOptions { Frame = new FrameSize(16, 8) });

        Assert.Equal(
            "training.csv: the header cannot be used: there are 64 pixel columns (pixel0 … pixel63), but the frame 16×8 needs 128.", prepared.Rejection);
    }

    [Theory]
    [InlineData("")]
    [InlineData("256")]
    [InlineData("1.5")]
    [InlineData("x")]
    public async Task A_bad_pixel_is_named_with_its_column(string pixel)
    {
        string names = string.Join(',', Enumerable.Range(0, 64).Select(i => $"pixel{i}"));
        string good = SmallTable.Image(1).Replace(' ', ',');
        string[] pixels = good.Split(',');
        pixels[9] = pixel;

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"nose_x,nose_y,{names}\n1,2,{good}\n1,2,{string.Join(',', pixels)}\n", new DatasetOptions { MaximumBadShare = 0.5 });

        Assert.Equal(
            (RowProblemKind.PixelValue, $"training.csv row 2, column pixel9: the pixel is '{pixel}': a whole number from 0 to 255 is expected"),
            (prepared.OnlyProblem.Kind, prepared.OnlyProblem.Message));
    }
}
