using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.PixelCsv;

public sealed class RowFaultTests
{
    private static readonly string Image = SmallTable.Image(200);

    public static TheoryData<string, RowProblemKind, string?, string> Faults => new()
    {
        { $"4x.1,2,{Image}", RowProblemKind.NotANumber, "nose_x", "training.csv row 11, column nose_x: '4x.1' is not a number" },
        { $"1,2;3,{Image}", RowProblemKind.NotANumber, "nose_y", "training.csv row 11, column nose_y: '2;3' is not a number" },
        { $"1,1e,{Image}", RowProblemKind.NotANumber, "nose_y", "training.csv row 11, column nose_y: '1e' is not a number" },
        { $"N\\A,2,{Image}", RowProblemKind.NotANumber, "nose_x", "training.csv row 11, column nose_x: 'N\\A' is not a number" },
        { $"\"1.234,5\",2,{Image}", RowProblemKind.NotANumber, "nose_x", "training.csv row 11, column nose_x: '1.234,5' is not a number: write it without a sign between thousands" },
        { $"\"1,023\",2,{Image}", RowProblemKind.DecimalComma, "nose_x", "training.csv row 11, column nose_x: '1,023' can mean thousands or decimals: write it without a sign between thousands" },
        { $"\"1,5\",2.5,{Image}", RowProblemKind.DecimalComma, "nose_x", "training.csv row 11, column nose_x: '1,5' has a decimal comma: write a point" },
        { $"1,5,2,{Image}", RowProblemKind.ColumnCount, null, "training.csv row 11: 4 columns, the header has 3 (are there decimal commas?)" },
        { $"1,{Image}", RowProblemKind.ColumnCount, null, "training.csv row 11: 2 columns, the header has 3" },
        { $"1,inf,{Image}", RowProblemKind.Infinite, "nose_y", "training.csv row 11, column nose_y: 'inf' is infinite: leave a missing label empty" },
        { $"1,-Infinity,{Image}", RowProblemKind.Infinite, "nose_y", "training.csv row 11, column nose_y: '-Infinity' is infinite: leave a missing label empty" },
        { $"1,1e99,{Image}", RowProblemKind.Infinite, "nose_y", "training.csv row 11, column nose_y: '1e99' is infinite: leave a missing label empty" },
        { $"8.4,2,{Image}", RowProblemKind.OutsideFrame, "nose_x", "training.csv row 11, column nose_x: 8.4 is more than 10 % of a side outside the 8×8 frame" },
        { $"2,-1.31,{Image}", RowProblemKind.OutsideFrame, "nose_y", "training.csv row 11, column nose_y: -1.31 is more than 10 % of a side outside the 8×8 frame" },
        { "1,2,", RowProblemKind.PixelCount, "Image", "training.csv row 11, column Image: 0 pixels, 64 are expected (8×8)" },
        { $"1,2,{SmallTable.Image(200, 63)}", RowProblemKind.PixelCount, "Image", "training.csv row 11, column Image: 63 pixels, 64 are expected (8×8)" },
        { $"1,2,{SmallTable.Image(200, 70)}", RowProblemKind.PixelCount, "Image", "training.csv row 11, column Image: 70 pixels, 64 are expected (8×8)" },
        { $"1,2,0 256 {Image}", RowProblemKind.PixelValue, "Image", "training.csv row 11, column Image: pixel 2 is '256': whole numbers from 0 to 255 are expected" },
        { $"1,2,0 1 -3 {Image}", RowProblemKind.PixelValue, "Image", "training.csv row 11, column Image: pixel 3 is '-3': whole numbers from 0 to 255 are expected" },
        { $"1,2,7.5 {Image}", RowProblemKind.PixelValue, "Image", "training.csv row 11, column Image: pixel 1 is '7.5': whole numbers from 0 to 255 are expected" },
        { $"1,2,99999999999999 {Image}", RowProblemKind.PixelValue, "Image", "training.csv row 11, column Image: pixel 1 is '99999999999999': whole numbers from 0 to 255 are expected" },
        { $"\"1\"x,2,{Image}", RowProblemKind.Quotes, null, "training.csv row 11: a quoted field is not closed, or text other than a comma follows it" },
        { $"1,\"2,{Image}", RowProblemKind.Quotes, null, "training.csv row 11: a quoted field is not closed, or text other than a comma follows it" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_bad_row_is_named_with_number_column_and_reason_and_the_others_are_kept(
        string row, RowProblemKind kind, string? column, string message)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10, row, SmallTable.Row(20)));

        RowProblem problem = prepared.OnlyProblem;
        Assert.Equal(message, problem.Message);
        Assert.Equal((11, null, column, kind), (problem.Row, problem.Line, problem.Column, problem.Kind));
        Assert.Equal((12, 11, 1), (prepared.Report.RowsIn, prepared.Report.RowsAccepted, prepared.Report.RowsRejected));
        Assert.Equal(12u, prepared.Dataset.SourceRow(10));
        Assert.Equal([new RowProblemCount(kind, 1)], prepared.Report.RejectedByKind);
    }

    [Fact]
    public async Task A_row_number_counts_rows_and_the_line_is_told_where_they_differ()
    {
        string csv = $"{SmallTable.Header},note\n\n{SmallTable.Row(1)},\"two\nlines\"\n\nx,1,{Image},\n"
            + string.Concat(Enumerable.Range(2, 8).Select(i => $"{SmallTable.Row(i)},\n"));

        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);

        Assert.Equal((2, 6), (prepared.OnlyProblem.Row, prepared.OnlyProblem.Line));
        Assert.StartsWith("training.csv row 2 (line 6), column nose_x: ", prepared.OnlyProblem.Message, StringComparison.Ordinal);
        Assert.Contains("Blank lines skipped: 2.", prepared.Report.Warnings);
    }

    [Fact]
    public async Task One_stray_quote_costs_one_row()
    {
        string[] lines = [.. Enumerable.Range(10, 200).Select(i => SmallTable.Row(i))];
        lines[100] = '"' + lines[100];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(0, lines));

        Assert.Equal((101, RowProblemKind.Quotes), (prepared.OnlyProblem.Row, prepared.OnlyProblem.Kind));
        Assert.Equal(199, prepared.Report.RowsAccepted);
    }

    [Fact]
    public async Task A_row_that_never_ends_is_passed_over_and_the_next_one_read()
    {
        string endless = "1,2," + string.Concat(Enumerable.Repeat("12 ", DatasetLimits.RowBytes / 2));

        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(10, endless, SmallTable.Row(20)));

        Assert.Equal((11, RowProblemKind.RowLength), (prepared.OnlyProblem.Row, prepared.OnlyProblem.Kind));
        Assert.Equal([.. Enumerable.Range(1, 10), 12], Enumerable.Range(0, 11).Select(i => (int)prepared.Dataset.SourceRow(i)));
    }

    [Fact]
    public async Task A_report_describes_the_first_bad_rows_and_counts_all()
    {
        string[] bad = [.. Enumerable.Repeat("1,2", 150), .. Enumerable.Repeat($"x,2,{Image}", 200)];

        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            SmallTable.With(3_000, bad));

        Assert.Equal(DatasetLimits.ProblemsInDetail, prepared.Report.Problems.Count);
        Assert.Equal(350, prepared.Report.RowsRejected);
        Assert.Equal(
            [new RowProblemCount(RowProblemKind.NotANumber, 200), new RowProblemCount(RowProblemKind.ColumnCount, 150)],
            prepared.Report.RejectedByKind);
    }

    [Theory]
    [InlineData(8, 2, true)]
    [InlineData(7, 2, false)]
    public async Task A_file_is_refused_when_more_than_a_fifth_of_its_rows_is_bad(int good, int bad, bool accepted)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            SmallTable.With(good, [.. Enumerable.Repeat("x,1,2", bad)]));

        Assert.Equal(accepted, prepared.Outcome.Accepted);
        if (!accepted)
        {
            Assert.Equal(
                "2 of 9 rows (22.2 %) cannot be used; at most 20 % may be bad. The first: training.csv row 8, column nose_x: 'x' is not a number.",
                prepared.Rejection);
        }
    }

    [Fact]
    public async Task The_share_of_bad_rows_can_be_stated()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            SmallTable.With(1, "x,1,2"), new DatasetOptions { MaximumBadShare = 0.5 });

        Assert.Equal(1, prepared.Dataset.Rows);
    }
}
