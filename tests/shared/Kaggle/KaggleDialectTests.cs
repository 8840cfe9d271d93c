using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Kaggle;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Kaggle;

/// <summary>The competition's files after a spreadsheet or a program saved them.</summary>
public sealed class KaggleDialectTests
{
    private const string Names = "RowId,ImageId,FeatureName,Location";

    private static readonly string[] Asked = ["1,1,nose_x,", "2,1,nose_y,", "3,2,nose_x,", "4,2,nose_y,", "5,2,größe_y,"];
    private static readonly KeypointSchema Schema = new(["nose", "größe"], 8, 8);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Lookups => new()
    {
        { "lookup.csv", Encoding.UTF8.GetBytes(Lines(Names, Asked)) },
        { "lookup.csv", Encoding.UTF8.GetBytes("sep=;\r\n" + Lines(Names, Asked).Replace(',', ';')) },
        { "lookup.tsv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Lines(Names, Asked).Replace(',', '\t'))] },
        { "lookup.csv", Encoding.Latin1.GetBytes(Lines(Names, Asked) + ",,,\n") },
        { "lookup.csv", Encoding.UTF8.GetBytes(Lines("\"\"," + Names, [.. Asked.Select((row, i) => $"\"{i}\",{row}NA")])) },
        { "lookup.csv", Encoding.UTF8.GetBytes(Lines(Names, [.. Asked.Select((row, i) => $"\"{i}\",{row}NA")])) },
    };

    [Theory]
    [MemberData(nameof(Lookups))]
    public async Task A_lookup_table_asks_for_the_same_rows_in_whatever_style_it_is_written(string name, byte[] content)
    {
        using TemporaryFolder folder = TestFolder.Create("kaggle");

        KaggleSubmissionSummary summary = await WriteAsync(folder, PreparedForTest.Source(content, name), Test(SmallTable.Image(1)));

        Assert.Equal(5, summary.Locations);
        Assert.Equal(["RowId,Location", "1,1", "2,2", "3,1", "4,2", "5,4"], await File.ReadAllLinesAsync(folder.File("submission.csv"), Cancel));
    }

    [Theory]
    [InlineData("x,1,1,nose_x,")]
    [InlineData("1,1,nose_x")]
    [InlineData("1;1;nose_x;")]
    public async Task A_row_of_another_shape_is_refused_and_never_shifted(string row)
    {
        using TemporaryFolder folder = TestFolder.Create("kaggle");
        DatasetSource lookup = PreparedForTest.Source(Encoding.UTF8.GetBytes(Lines(Names, [.. Asked, row])), "lookup.csv");

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => WriteAsync(folder, lookup, Test(SmallTable.Image(1))));

        Assert.StartsWith("lookup.csv row 6: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_a_spreadsheet_cut_is_named_as_such()
    {
        using TemporaryFolder folder = TestFolder.Create("kaggle");
        DatasetSource lookup = PreparedForTest.Source(Encoding.UTF8.GetBytes(Lines(Names, Asked)), "lookup.csv");

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(
            () => WriteAsync(folder, lookup, Test(string.Concat(Enumerable.Repeat("123 ", 9_000))[..32_767])));

        Assert.StartsWith("test.csv row 2, column Image: the cell has 32,767 characters", refusal.Message, StringComparison.Ordinal);
    }

    private static DatasetSource Test(string secondImage) =>
        PreparedForTest.Source(Encoding.UTF8.GetBytes($"ImageId;Image\r\n1;{SmallTable.Image(1)}\r\n2;{secondImage}\r\n;\r\n"), "test.csv");

    private static async Task<KaggleSubmissionSummary> WriteAsync(TemporaryFolder folder, DatasetSource lookup, DatasetSource test)
    {
        using var model = KeypointModel.Open(TinyOnnxModel.Constant(Schema, [1f, 2f, 3f, 4f]), "tiny");
        return await KaggleSubmission.WriteAsync(model, test, lookup, folder.File("submission.csv"), progress: null, Cancel);
    }

    private static string Lines(string header, string[] rows) => string.Concat(rows.Prepend(header).Select(row => row + "\n"));
}
