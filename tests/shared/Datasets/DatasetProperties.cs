using System.IO.Hashing;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.PixelCsv.Pixels;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

public sealed class DatasetProperties
{
    [Property(MaxTest = 200)]
    public Property Whatever_is_written_as_csv_comes_back_as_prepared() => Prop.ForAll(GeneratedTable.Arbitrary, table =>
    {
        using PreparedForTest prepared = Prepare(table.ToCsv(), "training.csv");
        Assert.Null(prepared.Report.Rejection);
        Assert.Equal(table.Names, prepared.Dataset.Manifest.Schema.Names);

        Assert.Equal(table.Rows.Count, prepared.Dataset.Rows + prepared.Report.Duplicates);
        for (int row = 0; row < prepared.Dataset.Rows; row++)
        {
            GeneratedRow expected = table.Rows[(int)prepared.Dataset.SourceRow(row) - 1];
            Assert.Equal(expected.Image, prepared.Dataset.Image(row).ToArray());
            Assert.Equal(expected.Coordinates.Select(c => c ?? float.NaN), prepared.Dataset.Keypoints(row).ToArray());
            byte[] keyed = expected.Group.Length > 0 ? Encoding.UTF8.GetBytes(expected.Group) : expected.Image;
            Assert.Equal((ulong)XxHash128.HashToUInt128(keyed), prepared.Dataset.SplitKey(row));
        }
    });

    [Property(MaxTest = 300)]
    public Property No_bytes_throw_and_none_of_them_make_a_dataset(byte[] garbage)
    {
        byte[] content = garbage ?? [];
        return Prop.ForAll(Gen.Elements("a.csv", "a.csv.gz", "a.zip").ToArbitrary(), name =>
        {
            foreach (byte[] start in (byte[][])[[], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "PK\u0003\u0004"u8.ToArray(), "a_x,a_y,Image\n"u8.ToArray()])
            {
                using PreparedForTest prepared = Prepare([.. start, .. content], name);
                Assert.NotNull(prepared.Report.Rejection);
            }
        });
    }

    [Property(MaxTest = 200)]
    public Property Rows_that_were_scrambled_are_kept_or_counted_as_bad(int seed) => Prop.ForAll(GeneratedTable.Arbitrary, table =>
    {
        byte[] csv = table.ToCsv();
        var choice = new Random(seed);
        int header = csv.AsSpan().IndexOf((byte)'\n') + 1;
        for (int i = 0; i < 5; i++)
            csv[choice.Next(header, csv.Length)] = (byte)"\",\n\r \0x9-.;\xFF"[choice.Next(12)];

        using PreparedForTest prepared = Prepare(csv, "training.csv", new DatasetOptions { MaximumBadShare = 1 });

        DatasetReport report = prepared.Report;
        Assert.Equal(report.RowsIn, report.RowsAccepted + report.RowsRejected + report.Duplicates + report.Unlabelled);
        Assert.Equal(report.RowsRejected, report.RejectedByKind.Sum(k => k.Rows));
        Assert.Equal(report.RowsRejected, report.Problems.Count);
        Assert.Equal(report.RowsAccepted > 0, prepared.Outcome.Accepted);
    });

    [Property(MaxTest = 200)]
    public Property A_file_cut_anywhere_is_accepted_or_refused(int where) => Prop.ForAll(GeneratedTable.Arbitrary, table =>
    {
        byte[] csv = table.ToCsv();
        foreach ((string name, byte[] whole) in (ValueTuple<string, byte[]>[])
            [("a.csv", csv), ("a.csv.gz", Packing.Gzip(csv)), ("a.zip", Packing.Zip(("a.csv", csv)))])
        {
            int length = (int)((uint)where % whole.Length);
            using PreparedForTest prepared = Prepare(whole[..length], name);
            Assert.True(prepared.Outcome.Accepted != prepared.Report.Rejection is not null);
            Assert.False(prepared.Outcome.Accepted && name != "a.csv", "half of a packed file was taken for a whole one");
        }
    });

    [Property(MaxTest = 1000)]
    public Property Pixel_lists_are_read_as_a_plain_reader_reads_them() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("0", "7", "42", "255", "007", "256", "1234", "-1", "1.5", "x", " ", "\t", "1\n2", "é")).ToArbitrary(),
        words =>
        {
            string text = string.Join(' ', words);
            string[] tokens = text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
            string[] good = [.. tokens.TakeWhile(t => t.All(char.IsAsciiDigit) && int.Parse(t) <= 255)];
            byte[] pixels = new byte[1_000];

            int count = PixelList.Parse(Encoding.UTF8.GetBytes(text), pixels, out int fault);

            Assert.Equal(good.Length, count);
            Assert.Equal(good.Length == tokens.Length, fault < 0);
            Assert.Equal(good.Select(byte.Parse), pixels[..count]);
        });

    private static PreparedForTest Prepare(byte[] content, string name, DatasetOptions? options = null) =>
        PreparedForTest.FromAsync(content, name, options).GetAwaiter().GetResult();
}
