using System.Globalization;
using FsCheck.Xunit;
using KeypointPipeline.Datasets;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Resampling;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class FramesOfSeveralSizesTests
{
    [Theory]
    [InlineData(5, 4, 8)]
    [InlineData(4, 5, 12)]
    [InlineData(4, 4, 12)]
    public async Task The_frame_is_the_size_of_most_rows_or_the_larger(int small, int large, int side)
    {
        string csv = Table([.. Enumerable.Repeat(8, small), .. Enumerable.Repeat(12, large)]);

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);

        Assert.Equal(new FrameSize(side, side), prepared.Report.Frame);
        Assert.Equal((small + large, 0), (prepared.Report.RowsAccepted, prepared.Report.RowsRejected));
        string sizes = small > large ? "8×8 (5 rows), 12×12 (4 rows)" : $"12×12 ({large} rows), 8×8 (4 rows)";
        Assert.Equal([$"Frames of several sizes: {sizes}. All are resampled to {side}×{side}, with their labels."], prepared.Report.Guessed);
    }

    [Fact]
    public async Task Labels_move_with_their_pixels()
    {
        // The pixel centres at 0 and 15 of 16 are at 0.5 and 30.5 of 32.
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,b_x,b_y,Image\n0,15,,,{SmallTable.Image(1, 256)}\n3,4,5,6,{SmallTable.Image(2, 1024)}\n3,4,5,6,{SmallTable.Image(3, 1024)}\n");

        Assert.Equal([0.5f, 30.5f, float.NaN, float.NaN], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal([3f, 4f, 5f, 6f], prepared.Dataset.Keypoints(1).ToArray());
        Assert.Equal(SmallTable.Image(2, 1024), string.Join(' ', prepared.Dataset.Image(1).ToArray()));
    }

    [Fact]
    public async Task Pictures_of_another_shape_keep_their_aspect_ratio_and_repeat_their_border_as_photos_do()
    {
        string wide = $"[{string.Join(", ", SmallTable.Image(1, 128).Split(' ').Chunk(16).Select(line => $"[{string.Join(", ", line)}]"))}]";
        byte[] pixels = [.. SmallTable.Image(1, 128).Split(' ').Select(pixel => byte.Parse(pixel, CultureInfo.InvariantCulture))];
        byte[] expected = new byte[256];
        new FrameResampler(16, 8, 16, 16).Resample(pixels, expected);

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,Image\n3,4,\"{wide}\"\n3,4,{SmallTable.Image(2, 256)}\n3,4,{SmallTable.Image(3, 256)}\n");

        FrameTransform photo = FrameTransform.Fit(16, 8, 16, 16);
        Assert.Equal([(float)photo.ToFrame(3, 4).X, (float)photo.ToFrame(3, 4).Y], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal([3f, 8f], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal(expected, prepared.Dataset.Image(0).ToArray());
    }

    [Fact]
    public async Task A_row_is_judged_by_its_own_image_and_scaled_by_it()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table([8, 12, 12, 12, 12, 12, 12]).Replace("a_x,a_y,Image\n", $"a_x,a_y,Image\n11,1,{SmallTable.Image(99, 64)}\n", StringComparison.Ordinal));

        Assert.Equal("training.csv row 1, column a_x: 11 is more than 10 % of a side outside the 8×8 frame", prepared.OnlyProblem.Message);
        Assert.Equal(new FrameSize(12, 12), prepared.Report.Frame);
    }

    [Fact]
    public async Task A_stated_frame_is_the_size_of_every_image()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table([8, 8, 8, 8, 12]), new DatasetOptions { Frame = new FrameSize(8, 8) });

        Assert.Equal("training.csv row 5, column Image: 144 pixels, 64 are expected (8×8)", prepared.OnlyProblem.Message);
        Assert.Empty(prepared.Report.Guessed);
    }

    [Property(MaxTest = 50)]
    public async Task Labels_stay_where_they_are_in_the_picture(int seed)
    {
        var random = new Random(seed);
        int[] sides = [.. Enumerable.Range(0, 12).Select(_ => random.Next(8, 20))];
        (float X, float Y)[] places = [.. sides.Select(_ => (random.NextSingle(), random.NextSingle()))];
        string csv = "a_x,a_y,Image\n" + string.Concat(sides.Select((side, row) => string.Create(
            CultureInfo.InvariantCulture, $"{(places[row].X * side) - 0.5f:R},{(places[row].Y * side) - 0.5f:R},{SmallTable.Image(row, side * side)}\n")));

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);

        int frame = prepared.Report.Frame!.Width;
        Assert.Equal(12, prepared.Report.RowsAccepted);
        for (int row = 0; row < 12; row++)
        {
            Assert.Equal((places[row].X * frame) - 0.5, prepared.Dataset.Keypoints(row)[0], 1e-3);
            Assert.Equal((places[row].Y * frame) - 0.5, prepared.Dataset.Keypoints(row)[1], 1e-3);
        }
    }

    private static string Table(int[] sides) =>
        "a_x,a_y,Image\n" + string.Concat(sides.Select((side, row) => $"{1 + (row % 6)},4,{SmallTable.Image(row, side * side)}\n"));
}
