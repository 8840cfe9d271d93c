using System.IO.Hashing;
using KeypointPipeline.Splits;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Splits;

public sealed class RowPlanFileTests
{
    private static readonly RowPlan Plan = RowPlanner.Plan(
        [SplitExamples.Keys("ds-ä", Enumerable.Range(1, 150).Select(i => (i, i % 3))), SplitExamples.Singles("ds-2", 100, 50)], new TrainedKeys());

    [Fact]
    public void What_is_written_is_read_again()
    {
        RowPlan read = RowPlanFile.Read(RowPlanFile.Write(Plan), "rows.bin");

        Assert.Equal(Plan.Datasets.Count, read.Datasets.Count);
        foreach ((PlannedDataset written, PlannedDataset back) in Plan.Datasets.Zip(read.Datasets))
        {
            Assert.Equal(written.DatasetId, back.DatasetId);
            Assert.Equal(written.Sides, back.Sides);
            Assert.Equal(written.Components, back.Components);
            Assert.Equal(written.ImageKeys, back.ImageKeys);
            Assert.Equal(written.GroupKeys, back.GroupKeys);
        }
    }

    [Fact]
    public void A_row_takes_21_bytes()
    {
        byte[] file = RowPlanFile.Write(new RowPlan([new PlannedDataset("ds-1", [RowSide.Test], [7], [0x0102030405060708], [9])]));

        Assert.Equal("KPROWS01"u8, file.AsSpan(0, 8));
        Assert.Equal([1, 0, 0, 0, 4, 0, 0, 0, (byte)'d', (byte)'s', (byte)'-', (byte)'1', 1, 0, 0, 0], file[8..24]);
        Assert.Equal([2, 7, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 0, 0, 0, 0, 0], file[24..45]);
        Assert.Equal(BitConverter.GetBytes(XxHash3.HashToUInt64(file.AsSpan(0, 45))), file[45..]);
    }

    [Fact]
    public void A_file_that_is_cut_off_or_changed_is_damaged()
    {
        byte[] file = RowPlanFile.Write(Plan);
        byte[] changed = [.. file];
        changed[100] ^= 1;

        foreach (byte[] bad in (byte[][])[file[..^1], file[..20], file[..8], changed])
            Assert.Equal("runs/r/rows.bin is damaged: it is cut off or was changed. Restore the file.", Assert.Throws<InvalidDataException>(() => RowPlanFile.Read(bad, "runs/r/rows.bin")).Message);
    }

    [Fact]
    public void Another_version_or_another_file_is_named()
    {
        byte[] newer = RowPlanFile.Write(Plan);
        newer[7]++;

        Assert.Contains("another version", Assert.Throws<InvalidDataException>(() => RowPlanFile.Read(newer, "rows.bin")).Message, StringComparison.Ordinal);
        Assert.Equal("rows.bin is not a row plan.", Assert.Throws<InvalidDataException>(() => RowPlanFile.Read("{}"u8, "rows.bin")).Message);
    }
}
