using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Csv;

public sealed class TableShapeTests
{
    private const string Named = "Rows have one field more than the header: the first is taken as the row's name and ignored.";
    private const string Spare = "Rows or header end with separators that the other lacks: the empty fields there are ignored.";
    private static readonly string[] Plain = ["a_x,a_y,Image,note", .. Enumerable.Range(0, 5).Select(i => $"{i}.5,{i + 1},{SmallTable.Image(i)},")];

    public static TheoryData<string[], string[]> Shapes => new()
    {
        { [Plain[0], .. WithNames("1", "2", "3", "4", "5")], [Named] },
        { [Plain[0], .. WithNames("0", "1", "2", "3", "4")], [Named] },
        { [Plain[0], .. WithNames("\"7\"", "\"3\"", "\"12\"", "\"4\"", "\"1\"")], [Named] },
        { [Plain[0], .. WithNames("anna", "bert", "carl", "dora", "emil")], [Named] },
        { ["," + Plain[0], .. WithNames("1", "2", "3", "4", "5")], [] },
        { ["index," + Plain[0], .. WithNames("7", "7", "7", "7", "7")], [] },
        { [Plain[0], .. Plain[1..].Select(row => row + ",")], [Spare] },
        { [Plain[0], .. Plain[1..].Select(row => row + ",,,")], [Spare] },
        { [Plain[0] + ",", .. Plain[1..].Select(row => row + ",")], [] },
        { [Plain[0] + ",,", .. Plain[1..]], [Spare] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Names_of_rows_and_separators_at_a_lines_end_shift_nothing(string[] lines, string[] guessed)
    {
        using PreparedForTest plain = await PreparedForTest.FromAsync(string.Join('\n', Plain));
        using PreparedForTest other = await PreparedForTest.FromAsync(string.Join('\n', lines));

        Assert.Null(other.Report.Rejection);
        Assert.Equal(plain.Report.DatasetId, other.Report.DatasetId);
        Assert.Equal(guessed, other.Report.Guessed);
    }

    public static TheoryData<string[]> Unclear => new()
    {
        { [Plain[0], .. WithNames("7", "7", "7", "7", "7")] },
        { [Plain[0], .. WithNames("7", "9", "11", "12", "13")] },
        { [Plain[0], .. WithNames("1", "2", "3", "4", "6")] },
        { ["a_x,a_y,Image", .. Enumerable.Range(1, 4).Select(i => $"{i},5,{i},{SmallTable.Image(i)}")] },
        { ["a_x,a_y,Image", .. Enumerable.Range(1, 9).Select(i => $"{i % 7},5,{i % 3},25,{SmallTable.Image(i)}")] },
        { ["a_x,a_y,Image", .. Enumerable.Range(1, 9).Select(i => $"{i},{i},{SmallTable.Image(i)},x")] },
        { ["a_x,a_y,note,Image", .. Enumerable.Range(1, 9).Select(i => $"{i},{i},{SmallTable.Image(i)}")] },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task Rows_that_are_longer_or_shorter_for_no_clear_reason_are_bad_rows(string[] lines)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(string.Join('\n', lines));

        Assert.Contains(" columns, the header has ", prepared.Rejection, StringComparison.Ordinal);
        Assert.Equal(0, prepared.Report.RowsAccepted);
    }

    [Fact]
    public async Task A_row_that_lacks_its_name_is_a_bad_row()
    {
        string[] lines = [Plain[0], .. Enumerable.Range(1, 9).Select(i => $"{i},{i % 8}.5,1,{SmallTable.Image(i)},"), Plain[1]];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(string.Join('\n', lines));

        Assert.Equal("training.csv row 10: 4 columns, the header has 4 and row names", prepared.OnlyProblem.Message);
    }

    [Fact]
    public async Task One_row_with_a_separator_at_its_end_is_a_bad_row_where_others_have_none()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10, SmallTable.Row(10) + ","));

        Assert.Equal("training.csv row 11: 4 columns, the header has 3 (are there decimal commas?)", prepared.OnlyProblem.Message);
    }

    [Fact]
    public async Task A_field_behind_the_last_column_is_never_dropped()
    {
        string[] lines = [Plain[0], .. Enumerable.Range(0, 9).Select(i => $"{i % 8}.5,1,{SmallTable.Image(i)},,"), $"1.5,1,{SmallTable.Image(9)},,x"];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(string.Join('\n', lines));

        Assert.StartsWith("training.csv row 10: 5 columns, the header has 4", prepared.OnlyProblem.Message, StringComparison.Ordinal);
    }

    private static string[] WithNames(params string[] names) => [.. names.Select((name, i) => $"{name},{Plain[i + 1]}")];
}
