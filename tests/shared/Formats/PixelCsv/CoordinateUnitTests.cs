using System.Globalization;
using FsCheck.Xunit;
using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class CoordinateUnitTests
{
    private const int Side = 16;

    [Fact]
    public async Task Shares_of_the_frame_become_pixels_with_a_note()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(Faces(12).Select(face => face.Select(value => value / Side))));

        AssertNear(Faces(12), prepared.Dataset);
        Assert.Equal(
            ["Coordinates: they lie between 0.26 and 0.73, so they are shares of the frame and become pixels by x · width and y · height. "
            + "If they are pixels, state {\"coordinates\": \"pixels\"} in training.csv.keypoints.json."],
            prepared.Report.Guessed);
    }

    [Fact]
    public async Task Coordinates_from_minus_one_to_one_become_pixels_with_a_note()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table(Faces(12).Select(face => face.Select(value => (value - (Side / 2)) / (Side / 2)))));

        AssertNear(Faces(12), prepared.Dataset);
        Assert.Contains("become pixels by (x + 1) · width / 2 and (y + 1) · height / 2.", Assert.Single(prepared.Report.Guessed), StringComparison.Ordinal);
    }

    [Property(MaxTest = 60)]
    public async Task Whatever_the_unit_the_labels_are_the_same(int seed)
    {
        var random = new Random(seed);
        float[][] pixels = [.. Enumerable.Range(0, 15).Select(_ => new[] { Draw(1, 6), Draw(1, 6), Draw(9, 15), Draw(1, 6), Draw(3, 13), Draw(9, 15) })];

        using PreparedForTest plain = await PreparedForTest.FromAsync(Table(pixels));
        using PreparedForTest shares = await PreparedForTest.FromAsync(Table(pixels.Select(row => row.Select(value => value / Side))));
        using PreparedForTest signed = await PreparedForTest.FromAsync(Table(pixels.Select(row => row.Select(value => (value - 8) / 8))));

        Assert.Empty(plain.Report.Guessed);
        AssertNear(pixels, shares.Dataset);
        AssertNear(pixels, signed.Dataset);

        float Draw(float from, float to) => from + (random.NextSingle() * (to - from));
    }

    [Fact]
    public async Task Missing_marks_say_nothing_about_the_unit()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table(Faces(12).Select((face, row) => row < 4 ? [-1, -1, .. face[2..].Select(value => value / Side)] : face.Select(value => value / Side))));

        Assert.Equal([8, 12, 12], prepared.Report.Labels.Select(labels => labels.Labels));
        AssertNear([.. Faces(12)[4..]], prepared.Dataset, firstRow: 4);
        Assert.Equal(2, prepared.Report.Guessed.Count);
    }

    [Fact]
    public async Task From_minus_one_to_one_the_middle_of_the_frame_is_no_missing_mark()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table(Faces(12).Select(face => (float[])[0, 0, .. face[2..].Select(value => (value - 8) / 8)])));

        Assert.Equal([8f, 8f], prepared.Dataset.Keypoints(0)[..2].ToArray());
        Assert.Contains(prepared.Report.Warnings, warning => warning.StartsWith("Rows with a keypoint at exactly 0,0 or -1,-1 that is kept as a label: 12", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(15)]
    public async Task Points_in_the_corner_of_a_tiny_frame_are_pixels(int side)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(Faces(30).Select(face => face.Select(value => value / Side)), side));

        Assert.Equal(Faces(30)[0][0] / Side, prepared.Dataset.Keypoints(0)[0]);
        Assert.Empty(prepared.Report.Guessed);
        Assert.Equal(
            ["All coordinates lie between 0.26 and 0.78. They are read as pixels. If they are shares of the frame, state {\"coordinates\": \"0..1\"} in training.csv.keypoints.json."],
            prepared.Report.Warnings);
    }

    [Fact]
    public async Task Whole_and_half_pixels_in_a_corner_are_pixels()
    {
        float[] corner = [0.5f, 1, 1, 0.5f, 0.5f, 0];
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(Enumerable.Repeat(corner, 50)));

        Assert.Equal(corner, prepared.Dataset.Keypoints(0).ToArray());
        Assert.Empty(prepared.Report.Guessed);
    }

    [Fact]
    public async Task A_few_points_in_a_corner_are_pixels()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(Faces(3).Select(face => face.Select(value => value / Side))));

        Assert.InRange(prepared.Dataset.Keypoints(0)[0], 0, 1);
        Assert.Empty(prepared.Report.Guessed);
    }

    [Fact]
    public async Task Pixels_that_now_and_then_lie_in_the_corner_are_pixels()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table(Faces(300).Select((face, row) => row < 2 ? face.Select(value => value / Side) : face)));

        Assert.InRange(prepared.Dataset.Keypoints(0)[0], 0, 1);
        Assert.Empty(prepared.Report.Guessed);
    }

    [Theory]
    [InlineData(2, "the coordinates of 2 rows are in pixels, those of the other rows are shares of the frame (between 0.26 and 0.82): rows 1, 2.")]
    [InlineData(35, "the coordinates of 5 rows are shares of the frame (between 0.26 and 0.82), those of the other rows are in pixels: rows 36, 37, 38, 39, 40.")]
    public async Task A_file_in_two_units_is_refused_and_names_the_rows(int pixels, string problem)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table(Faces(40).Select((face, row) => row < pixels ? face : face.Select(value => value / Side))));

        Assert.Equal(
            $"training.csv: {problem} Write all of them in one unit. If all are pixels, state {{\"coordinates\": \"pixels\"}} in training.csv.keypoints.json.",
            prepared.Rejection);
    }

    [Fact]
    public async Task Shares_that_may_be_of_either_kind_are_refused_with_both()
    {
        // All near the middle of -1 … 1, which is also near the first corner of 0 … 1.
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table(Enumerable.Range(0, 20).Select(row => (float[])[-0.011f * (row % 8), 0.3f, 0.01f * row, 0.21f, 0.03f, 0.02f])));

        Assert.Equal(
            "training.csv: the coordinates lie between -0.08 and 0.3, so they are not pixels. They may be 0 to 1 or -1 to 1 across the frame. State which: "
            + "{\"coordinates\": \"0..1\"} in training.csv.keypoints.json or {\"coordinates\": \"-1..1\"} in training.csv.keypoints.json.",
            prepared.Rejection);
    }

    [Fact]
    public async Task A_stray_share_costs_its_row_only()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            Table(Faces(40).Select((face, row) => row == 9 ? [1.7f, .. face[1..].Select(value => value / Side)] : face.Select(value => value / Side))));

        Assert.Equal(39, prepared.Report.RowsAccepted);
        Assert.Equal(10, prepared.OnlyProblem.Row);
    }

    [Theory]
    [InlineData("pixels", 0.5f, 0.5f)]
    [InlineData("0..1", 0.5f, 8f)]
    [InlineData("-1..1", 0.5f, 12f)]
    public async Task The_sidecar_states_the_unit(string unit, float written, float pixels)
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        string csv = Table(Faces(20).Select(face => (float[])[written, written, .. face[2..].Select(value => value / Side)]));
        DatasetSource source = PreparedForTest.Source(Packing.Utf8(csv), "training.csv") with
        {
            FindSidecarAsync = _ => Task.FromResult<SidecarFile?>(new SidecarFile("s", Packing.Utf8($"{{\"coordinates\": \"{unit}\"}}"))),
        };

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(source, folder.Path);

        using PreparedDataset dataset = PreparedDataset.Open(folder.Path);
        Assert.Equal([pixels, pixels], dataset.Keypoints(0)[..2].ToArray());
        Assert.Empty(outcome.Report.Guessed);
    }

    /// <summary>Three points of made-up faces, which differ from row to row, in pixels of a frame of 16.</summary>
    private static float[][] Faces(int rows) =>
        [.. Enumerable.Range(0, rows).Select(row => (float[])[4.2f + (0.07f * (row % 9)), 5.1f + (0.03f * row % 2), 10.3f, 5.2f + (0.05f * (row % 5)), 7.7f, 11.1f + (0.05f * (row % 40))])];

    private static string Table(IEnumerable<IEnumerable<float>> labels, int side = Side) => "left_x,left_y,right_x,right_y,mouth_x,mouth_y,Image\n"
        + string.Concat(labels.Select((row, i) => string.Concat(row.Select(value => value.ToString("R", CultureInfo.InvariantCulture) + ",")) + SmallTable.Image(i, side * side) + "\n"));

    private static void AssertNear(float[][] expected, PreparedDataset dataset, int firstRow = 0)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            for (int i = 0; i < expected[row].Length; i++)
                Assert.Equal(expected[row][i], dataset.Keypoints(firstRow + row)[i], tolerance: 1e-5);
        }
    }
}
