using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Csv;

public sealed class CutCellTests
{
    private const int Side = 96;
    private const int Kept = 32_767;
    private const string Cut = "the cell has 32,767 characters, the most that a spreadsheet keeps, so it was cut there: use the original file, not a copy saved by a spreadsheet";

    [Fact]
    public async Task A_cell_that_a_spreadsheet_cut_is_named_as_such()
    {
        string[] rows = [.. Enumerable.Range(0, 4).Select(i => $"40,41,{Image(i)[..Kept]}")];

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"a_x,a_y,Image\n{string.Join('\n', rows)}\n");

        Assert.Contains($"The first: training.csv row 1, column Image: {Cut}.", prepared.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rest_of_a_cut_cell_in_the_next_row_is_named_as_such()
    {
        string[] rows = [.. Enumerable.Range(0, 4).Select(i => $"40,41,{Image(i)[..Kept]}\n{Image(i)[Kept..]},,")];

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"a_x,a_y,Image\n{string.Join('\n', rows)}\n");

        Assert.Equal(8, prepared.Report.RowsRejected);
        Assert.Equal($"training.csv row 1, column Image: {Cut}", prepared.Report.Problems[0].Message);
        Assert.Equal(
            "training.csv row 2, column a_x: the row holds the rest of a cell that a spreadsheet cut in row 1: use the original file, not a copy saved by a spreadsheet",
            prepared.Report.Problems[1].Message);
    }

    [Fact]
    public async Task A_cut_cell_is_not_taken_for_a_smaller_square()
    {
        // 95·95 values of one to four characters, so that the cell is cut after a number that completes a square.
        string image = string.Join(' ', Enumerable.Range(0, 95 * 95).Select(i => i < (Kept + 1 - (3 * 95 * 95)) ? "100" : "10"));
        Assert.Equal(Kept, image.Length);

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"a_x,a_y,Image\n40,41,{image}\n");

        Assert.Contains(Cut, prepared.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_image_of_as_many_characters_is_kept()
    {
        string image = string.Join(' ', Enumerable.Range(0, Side * Side).Select(i => i < Kept + 1 - (3 * Side * Side) ? "100" : "10"));
        Assert.Equal(Kept, image.Length);

        using PreparedForTest prepared = await PreparedForTest.FromAsync($"a_x,a_y,Image\n40,41,{Image(1)}\n40,41,{image}\n");

        Assert.Equal((2, 0), (prepared.Report.RowsAccepted, prepared.Report.RowsRejected));
    }

    [Fact]
    public async Task Other_rows_of_a_wrong_length_keep_their_own_reason()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(
            $"a_x,a_y,Image\n40,41,{Image(1)}\n40,41,{Image(2)[..(Kept - 1)]}\n", new DatasetOptions { MaximumBadShare = 0.5 });

        Assert.Contains(" pixels, 9,216 are expected", prepared.OnlyProblem.Message, StringComparison.Ordinal);
    }

    private static string Image(int seed) => string.Join(' ', Enumerable.Range(0, Side * Side).Select(i => i == 0 ? 100 + seed : 100 + (i * 37 % 156)));
}
