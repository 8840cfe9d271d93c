using KeypointPipeline.Files;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Shared.Tests.Support;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

/// <summary>Measured by the bytes a thread allocates.</summary>
public sealed class BoundedMemoryTests
{
    [Theory]
    [InlineData(SmallTable.Pixels)]
    [InlineData(96 * 96)]
    public async Task A_row_more_costs_a_few_bytes_whatever_its_size(int pixels)
    {
        await AllocatedByReadingAsync(rows: 10, pixels);
        long few = await AllocatedByReadingAsync(rows: 200, pixels);
        long many = await AllocatedByReadingAsync(rows: 2_200, pixels);

        // Without optimisation async calls allocate their state, optimised ones nothing; then what differs between the two runs may
        // even be less. A row of 9,216 pixels is 30 KB of text.
        Assert.InRange((many - few) / 2_000, -100, 400);
    }

    [Fact]
    public void Remembering_a_row_costs_some_tens_of_bytes()
    {
        const int Rows = 100_000;
        var rows = new DuplicateRows();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int row = 0; row < Rows; row++)
            rows.Add((UInt128)row, [1f, 2f]);

        // Growing doubles the table and drops the old one: twice what is kept is allocated.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Rows, 1, 200);
    }

    private static async Task<long> AllocatedByReadingAsync(int rows, int pixels)
    {
        await using var stream = new SourceStream(new RepeatedRows(rows, pixels), "rows.csv", length: null);
        await using var content = new ReadAheadContent(new PlainContent("rows.csv", stream));
        using DatasetReader reader = await DatasetReader.OpenAsync(content, statedFrame: null, statedGroup: null, new RowConventions(), images: null, CancellationToken.None);
        Assert.True(await reader.ReadAsync(CancellationToken.None));
        long allocated = 0;
        while (true)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ValueTask<bool> reading = reader.ReadAsync(CancellationToken.None);

            // A read that waits for the next block, one in thirty at most, may end on another thread, whose bytes are not its own.
            if (reading.IsCompletedSuccessfully)
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if (!await reading)
                break;
            Assert.Null(reader.Fault);
        }

        Assert.Equal(rows, reader.Row);
        return allocated;
    }

    /// <summary>A header and one row many times, never completely in memory.</summary>
    private sealed class RepeatedRows(int rows, int pixels) : ForwardOnlyStream
    {
        private readonly byte[] _row = Packing.Utf8($"1,2.5,{SmallTable.Image(1, pixels)}\n");
        private byte[] _now = Packing.Utf8(SmallTable.Header + "\n");
        private int _next;
        private int _rowsLeft = rows;

        public override int Read(Span<byte> buffer)
        {
            if (_next == _now.Length && _rowsLeft-- > 0)
                (_now, _next) = (_row, 0);
            int read = Math.Min(buffer.Length, _now.Length - _next);
            _now.AsSpan(_next, read).CopyTo(buffer);
            _next += read;
            return read;
        }
    }
}
