using System.Buffers;
using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Tables;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results.Tables;

/// <summary>Tables of images that strangers named, as programs read them and as spreadsheets do.</summary>
public sealed class CsvTextTests
{
    private static readonly KeypointSchema Schema = new(["nose"], 16, 16);

    [Fact]
    public void Every_name_comes_back_as_the_same_path_and_is_no_formula()
    {
        foreach (string name in StrangeNames.Some(20_000))
        {
            var written = new ArrayBufferWriter<byte>();
            KeypointsCsv.WriteRow(written, new ImageResult(name, 5, 5, [1, 2], null), Schema, origin: null);
            string row = Encoding.UTF8.GetString(written.WrittenSpan);

            List<string> cells = Read(row, ',');
            Assert.Equal(["5", "5", "ok", "1.000", "2.000", .. Enumerable.Repeat("", 8), "\r\n"], cells.Skip(1));
            string sameInUtf8 = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name));
            Assert.True(cells[0] == sameInUtf8 || cells[0] == "./" + sameInUtf8, row);
            Assert.All(StartsOf(cells[0]), start => Assert.DoesNotContain(start, "=+-@＝＋－＠\t\r"));
        }
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public void A_spreadsheet_that_expects_another_separator_finds_no_formula_either(char separator)
    {
        foreach (string name in StrangeNames.Some(20_000))
        {
            List<string> cells = Read(KeypointsCsv.ErrorRow(new ImageResult(name, null, null, null, "The file is empty.")), separator);

            Assert.Single(cells);
            Assert.All(StartsOf(cells[0]), start => Assert.DoesNotContain(start, "=+-@"));
        }
    }

    [Theory]
    [InlineData("=1+1", "begins with '='")]
    [InlineData(" @SUM(A1)", "begins with '@'")]
    [InlineData("nose\u202e", "an invisible character")]
    [InlineData("nose\n", "an invisible character")]
    [InlineData(" ", "is blank")]
    public void Keypoints_with_names_that_a_spreadsheet_would_run_do_not_come_to_be(string name, string reason)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new KeypointSchema([name], 16, 16));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What may count as a cell's first character: its first one, and the first that can be seen.</summary>
    private static IEnumerable<char> StartsOf(string cell) => cell.Take(1).Concat(cell.TrimStart().Take(1));

    /// <summary>Reads one record as RFC 4180 has it; the last cell keeps the line's end.</summary>
    private static List<string> Read(string row, char separator)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < row.Length; i++)
        {
            char c = row[i];
            if (c == '"' && (quoted || cell.Length == 0))
            {
                if (quoted && i + 1 < row.Length && row[i + 1] == '"')
                    cell.Append(row[++i]);
                else
                    quoted = !quoted;
            }
            else if (c == separator && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
