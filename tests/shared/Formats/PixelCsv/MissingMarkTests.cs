using System.Globalization;
using FsCheck.Xunit;
using KeypointPipeline.Datasets;
using KeypointPipeline.Files;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class MissingMarkTests
{
    private const string HowToKeep = " If they are real labels, state {\"missing\": \"none\"} in training.csv.keypoints.json.";

    [Theory]
    [InlineData("0,0", "0,0")]
    [InlineData("-1,-1", "-1,-1")]
    [InlineData("0.0, -0", "0,0")]
    public async Task A_mark_in_three_rows_and_a_hundredth_of_them_is_missing_with_a_warning(string written, string mark)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(300, row => row % 100 == 7 ? written : null));

        Assert.Equal([297], prepared.Report.Labels.Where(labels => labels.Keypoint == "eye").Select(labels => labels.Labels));
        Assert.Equal([float.NaN, float.NaN], prepared.Dataset.Keypoints(7)[2..].ToArray());
        Assert.Equal([$"Missing marks: {mark}."], prepared.Report.Guessed);
        Assert.Equal([$"Points at exactly {mark} count as missing: 3. Rows with such points: 3 (first: row 8, eye).{HowToKeep}"], prepared.Report.Warnings);
    }

    [Theory]
    [InlineData(20, 2, "0,0")]
    [InlineData(20, 2, "-1,-1")]
    [InlineData(301, 3, "0,0")]
    public async Task Fewer_marks_are_labels_and_a_warning_says_how_to_change_that(int rows, int marks, string written)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(rows, row => row < marks ? written : null));

        Assert.Equal(rows, prepared.Report.Labels[1].Labels);
        Assert.Empty(prepared.Report.Guessed);
        Assert.Contains(
            $"Rows with a keypoint at exactly 0,0 or -1,-1 that is kept as a label: {marks} (first: row 1, eye). If such points are missing, state "
            + "{\"missing\": [[0, 0], [-1, -1]]} in training.csv.keypoints.json.",
            prepared.Report.Warnings);
    }

    [Fact]
    public async Task A_mark_is_a_habit_of_the_file_so_the_rows_of_all_keypoints_count_together()
    {
        // Four keypoints, each at 0,0 in one row only.
        string csv = "a_x,a_y,b_x,b_y,c_x,c_y,d_x,d_y,Image\n" + string.Concat(Enumerable.Range(0, 8).Select(row =>
            string.Concat(Enumerable.Range(0, 4).Select(k => k == row ? "0,0," : "3,4,")) + SmallTable.Image(row) + "\n"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);

        Assert.Equal([7, 7, 7, 7], prepared.Report.Labels.Select(labels => labels.Labels));
    }

    [Theory]
    [InlineData("eye_v", "0", "2")]
    [InlineData("EYE_Visible", "False", "True")]
    [InlineData("eye_visibility", "no", "yes")]
    [InlineData("eye_likelihood", "0.0", "0.93")]
    [InlineData("eye.score", "0", "0.7")]
    [InlineData("eye confidence", "0e0", "1")]
    [InlineData("eyeV", "0", "1")]
    [InlineData("v_eye", "0", "1")]
    public async Task A_visibility_column_decides_row_by_row(string column, string not, string labelled)
    {
        string csv = $"nose_x,nose_y,eye_x,eye_y,{column},Image\n"
            + $"1,2,0,0,{not},{SmallTable.Image(1)}\n1,2,0,0,{labelled},{SmallTable.Image(2)}\n1,2,-1,-1,{not},{SmallTable.Image(3)}\n1,2,5,6,{not},{SmallTable.Image(4)}\n";

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);

        Assert.Equal(
            [float.NaN, 0f, float.NaN, 5f],
            Enumerable.Range(0, 4).Select(row => prepared.Dataset.Keypoints(row)[2]));
        Assert.Equal(
            [$"Points at exactly 0,0 or -1,-1 that are not labelled by their visibility column count as missing: 2. Rows with such points: 2 (first: row 1, eye).{HowToKeep}"],
            prepared.Report.Warnings);
    }

    [Fact]
    public async Task Points_that_a_visibility_column_calls_labelled_are_kept_however_many_there_are()
    {
        string csv = "nose_x,nose_y,nose_v,Image\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"0,0,2,{SmallTable.Image(row)}\n"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);

        Assert.Equal((20, 20), (prepared.Dataset.Rows, prepared.Report.Labels[0].Labels));
        Assert.Empty(prepared.Report.Warnings);
    }

    [Fact]
    public async Task A_low_likelihood_says_nothing_so_the_number_of_rows_decides()
    {
        using PreparedForTest few = await PreparedForTest.FromAsync(Likelihoods(marked: 2));
        using PreparedForTest many = await PreparedForTest.FromAsync(Likelihoods(marked: 3));

        Assert.Equal((10, 7), (few.Report.Labels[1].Labels, many.Report.Labels[1].Labels));

        static string Likelihoods(int marked) => "nose_x,nose_y,eye_x,eye_y,eye_likelihood,Image\n"
            + string.Concat(Enumerable.Range(0, 10).Select(row => $"1,2,{(row < marked ? "0,0" : "3,4")},0.01,{SmallTable.Image(row)}\n"));
    }

    [Fact]
    public async Task Half_a_mark_is_a_label()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Table(10, row => row % 2 == 0 ? "0,7" : "7,0"));

        Assert.Equal(10, prepared.Report.Labels[1].Labels);
        Assert.Empty(prepared.Report.Warnings);
    }

    [Theory]
    [InlineData("""{"missing": "none"}""", 9, 0)]
    [InlineData("""{"missing": [[0, 0]]}""", 6, 0)]
    [InlineData("""{"missing": [[-1, -1], [5, 6]]}""", 3, 0)]
    [InlineData("""{}""", 6, 1)]
    public async Task The_sidecar_states_the_marks(string sidecar, int labels, int guesses)
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        string csv = Table(9, row => row % 3 == 0 ? "0,0" : row % 3 == 1 ? "5,6" : null, rest: sidecar.Contains("[5", StringComparison.Ordinal) ? "-1,-1" : "3,4");
        csv = sidecar.Contains("[5", StringComparison.Ordinal) ? csv.Replace(",0,0,", ",1,0,", StringComparison.Ordinal) : csv;
        DatasetSource source = PreparedForTest.Source(Packing.Utf8(csv), "training.csv") with
        {
            FindSidecarAsync = _ => Task.FromResult<SidecarFile?>(new SidecarFile("training.csv.keypoints.json", Packing.Utf8(sidecar))),
        };

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(source, folder.Path);

        Assert.Equal(labels, outcome.Manifest!.Labels[1]);
        Assert.Equal(guesses, outcome.Report.Guessed.Count);
    }

    [Theory]
    [InlineData("\"none\"")]
    [InlineData("[[0, 0]]")]
    public async Task A_statement_beats_visibility_columns(string missing)
    {
        using TemporaryFolder folder = TestFolder.Create("dataset");
        string csv = $"nose_x,nose_y,eye_x,eye_y,eye_v,Image\n1,2,0,0,0,{SmallTable.Image(1)}\n1,2,0,0,2,{SmallTable.Image(2)}\n";
        DatasetSource source = PreparedForTest.Source(Packing.Utf8(csv), "training.csv") with
        {
            FindSidecarAsync = _ => Task.FromResult<SidecarFile?>(new SidecarFile("s", Packing.Utf8($"{{\"missing\": {missing}}}"))),
        };

        PreparationOutcome outcome = await PreparedForTest.PrepareAsync(source, folder.Path);

        Assert.Equal(missing == "\"none\"" ? 2 : 0, outcome.Manifest!.Labels[1]);
    }

    [Property(MaxTest = 60)]
    public async Task Marks_give_the_dataset_of_empty_cells(int seed)
    {
        var random = new Random(seed);
        bool[] isMissing = [.. Enumerable.Range(0, 30).Select(row => row < 3 || random.Next(4) == 0)];
        string mark = random.Next(2) == 0 ? "0,0" : "-1,-1";

        using PreparedForTest marked = await PreparedForTest.FromAsync(Table(30, row => isMissing[row] ? mark : null));
        using PreparedForTest empty = await PreparedForTest.FromAsync(Table(30, row => isMissing[row] ? "," : null));

        Assert.Equal(empty.Report.DatasetId, marked.Report.DatasetId);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"count as missing: {isMissing.Count(missing => missing)}."), marked.Report.Warnings[0], StringComparison.Ordinal);
    }

    /// <summary>Rows with a nose, and with an eye that is written in a special way in some rows.</summary>
    private static string Table(int rows, Func<int, string?> eye, string rest = "3,4") => "nose_x,nose_y,eye_x,eye_y,Image\n"
        + string.Concat(Enumerable.Range(0, rows).Select(row => $"{1 + (row % 7)},2,{eye(row) ?? rest},{SmallTable.Image(row)}\n"));
}
