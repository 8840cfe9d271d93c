using KeypointPipeline.Formats;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Csv;

public sealed class TableNumbersTests
{
    private const string HasCommas = "Numbers have decimal commas.";

    [Theory]
    [InlineData("NA")]
    [InlineData("na")]
    [InlineData("N/A")]
    [InlineData("#N/A")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData("none")]
    [InlineData("<NA>")]
    [InlineData("\"NA\"")]
    [InlineData("#NV")]
    public async Task A_word_for_missing_is_a_missing_label_and_reported(string word)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,b_x,b_y,Image\n{word},{word},1.5,2,{SmallTable.Image(1)}\n3,4,{word},{word},{SmallTable.Image(2)}\n");

        Assert.Equal([float.NaN, float.NaN, 1.5f, 2f], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal([3f, 4f, float.NaN, float.NaN], prepared.Dataset.Keypoints(1).ToArray());
        Assert.EndsWith(": 4 coordinates.", Assert.Single(prepared.Report.Guessed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("")]
    public async Task Empty_and_nan_are_the_plain_way_of_missing_labels(string word)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(3, $"{word},{word},{SmallTable.Image(9)}"));

        Assert.Equal((1, 0), (prepared.Report.Unlabelled, prepared.Report.RowsRejected));
        Assert.Empty(prepared.Report.Guessed);
    }

    [Theory]
    [InlineData("1,5;0,25", "1.5,.25")]
    [InlineData("-0,25;1,5e0", "-0.25,1.5")]
    [InlineData("3;,5", "3,0.5")]
    [InlineData("2,000;4,5", "2,4.5")]
    public async Task Decimal_commas_are_read_between_other_separators(string commas, string points)
    {
        string image = SmallTable.Image(1);
        using PreparedForTest expected = await PreparedForTest.FromAsync($"a_x,a_y,Image\n{points},{image}\n");

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"a_x;a_y;Image\n{commas};{image}\n");

        Assert.Equal(expected.Report.DatasetId, prepared.Report.DatasetId);
        Assert.Contains(HasCommas, prepared.Report.Guessed);
    }

    [Fact]
    public async Task Decimal_commas_in_quotes_are_read_between_commas()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,Image\n\"1,5\",2,{SmallTable.Image(1)}\n\"2,25\",\"3,5\",{SmallTable.Image(2)}\n");

        Assert.Equal([1.5f, 2f], prepared.Dataset.Keypoints(0).ToArray());
        Assert.Equal([2.25f, 3.5f], prepared.Dataset.Keypoints(1).ToArray());
        Assert.Equal([HasCommas], prepared.Report.Guessed);
    }

    [Theory]
    [InlineData("1.5;2", "1,5;2", "'1,5' has a decimal comma: write a point")]
    [InlineData("1,5;2", "1.5;2", "'1.5' has a decimal point, but the file's other numbers have decimal commas: write a comma")]
    [InlineData("1,5;2", "1.234,5;2", "'1.234,5' is not a number: write it without a sign between thousands")]
    [InlineData("1.5;2", "1,234.5;2", "'1,234.5' is not a number: write it without a sign between thousands")]
    [InlineData("1;2", "1,024;2", "'1,024' can mean thousands or decimals: write it without a sign between thousands")]
    [InlineData("1;2", "1.024;2", "'1.024' can mean thousands or decimals: write it without a sign between thousands")]
    [InlineData("1,5;2", "1,2,3;2", "'1,2,3' is not a number")]
    [InlineData("1,5;2", "1 234,5;2", "'1 234,5' is not a number")]
    public async Task A_sign_that_is_not_the_files_decimal_sign_is_a_fault(string good, string bad, string reason)
    {
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"{good};{SmallTable.Image(i)}")];
        rows[25] = $"{bad};{SmallTable.Image(25)}";

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"a_x;a_y;Image\n{string.Join('\n', rows)}\n");

        Assert.Equal($"training.csv row 26, column a_x: {reason}", prepared.OnlyProblem.Message);
    }

    [Fact]
    public async Task The_first_fraction_decides_where_the_first_rows_have_none()
    {
        string[] rows = [.. Enumerable.Range(0, 60).Select(i => $"{i % 8};2;{SmallTable.Image(i)}")];
        rows[40] = $"1,5;2;{SmallTable.Image(40)}";
        rows[50] = $"1.5;2;{SmallTable.Image(50)}";

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"a_x;a_y;Image\n{string.Join('\n', rows)}\n");

        Assert.Equal((51, RowProblemKind.DecimalComma), (prepared.OnlyProblem.Row, prepared.OnlyProblem.Kind));
        Assert.Equal([1.5f, 2f], prepared.Dataset.Keypoints(40).ToArray());
    }
}
