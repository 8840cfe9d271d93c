using System.IO.Hashing;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Csv;

public sealed class DialectProperties
{
    [Property(MaxTest = 200)]
    public Property A_table_has_the_same_rows_and_id_in_whatever_style_it_is_written() => Prop.ForAll(GeneratedTable.Arbitrary, TableStyle.Arbitrary, (table, style) =>
    {
        GeneratedTable same = table with { Rows = [.. table.Rows.Select(row => row with { Group = style.GroupOf(row) })] };
        using PreparedForTest plain = Prepare(same.ToCsv(), "training.csv");

        using PreparedForTest written = Prepare(style.Write(same), "training.csv");

        Assert.Null(written.Report.Rejection);
        Assert.Empty(written.Report.Problems);
        Assert.Equal(plain.Report.DatasetId, written.Report.DatasetId);
        Assert.Equal((table.Rows.Count, plain.Report.Duplicates), (written.Report.RowsIn, written.Report.Duplicates));
        for (int row = 0; row < written.Dataset.Rows; row++)
        {
            GeneratedRow expected = same.Rows[(int)written.Dataset.SourceRow(row) - 1];
            Assert.Equal(expected.Image, written.Dataset.Image(row).ToArray());
            Assert.Equal(expected.Coordinates.Select(c => c ?? float.NaN), written.Dataset.Keypoints(row).ToArray());
            byte[] keyed = expected.Group.Length > 0 ? Encoding.UTF8.GetBytes(expected.Group) : expected.Image;
            Assert.Equal((ulong)XxHash128.HashToUInt128(keyed), written.Dataset.SplitKey(row));
        }
    });

    [Property(MaxTest = 60)]
    public Property A_table_in_any_style_that_is_cut_anywhere_keeps_its_whole_rows(int where) => Prop.ForAll(GeneratedTable.Arbitrary, TableStyle.Arbitrary, (table, style) =>
    {
        byte[] whole = style.Write(table);

        using PreparedForTest prepared = Prepare(whole[..(int)((uint)where % whole.Length)], "training.csv");

        Assert.Equal(prepared.Outcome.Accepted, prepared.Report.Rejection is null);
        // A quote that the cut leaves open makes a bad row of each of its lines. Few rows may not show which of them have names.
        if (style.Names != RowNameStyle.WithoutHeader)
            Assert.InRange(prepared.Report.RowsRejected, 0, 2);
    });

    private static PreparedForTest Prepare(byte[] content, string name) => PreparedForTest.FromAsync(content, name).GetAwaiter().GetResult();
}
