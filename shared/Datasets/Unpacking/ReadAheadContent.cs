using System.Buffers;
using System.IO.Pipelines;

namespace KeypointPipeline.Datasets.Unpacking;

/// <summary>Reads, and unpacks, up to eight megabytes ahead of whoever parses: the two then keep a core each busy.</summary>
/// <param name="content">What to read; disposed with this object.</param>
internal sealed class ReadAheadContent(CsvContent content) : CsvContent(content.FileName)
{
    private const int BlockBytes = 512 * 1024;
    private const int LargestAhead = 8 * 1024 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly Pipe _pipe = new(new PipeOptions(
        minimumSegmentSize: BlockBytes,
        pauseWriterThreshold: LargestAhead,
        resumeWriterThreshold: LargestAhead / 2,
        useSynchronizationContext: false));

    private Task? _reading;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        _reading ??= Task.Run(() => ReadAheadAsync(_stop.Token), CancellationToken.None);
        ReadResult result = await _pipe.Reader.ReadAsync(cancellation); // throws what the reading threw
        int length = (int)Math.Min(buffer.Length, result.Buffer.Length);
        ReadOnlySequence<byte> taken = result.Buffer.Slice(0, length);
        taken.CopyTo(buffer.Span);
        _pipe.Reader.AdvanceTo(taken.End);
        return length;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pipe.Reader.CompleteAsync();
        if (_reading is not null)
            await _reading;
        _stop.Dispose();
        await content.DisposeAsync();
    }

    private async Task ReadAheadAsync(CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            FlushResult flushed;
            int filled;
            do
            {
                Memory<byte> block = _pipe.Writer.GetMemory(BlockBytes);
                filled = await FillAsync(block, cancellation);
                _pipe.Writer.Advance(filled);
                flushed = await _pipe.Writer.FlushAsync(cancellation);
            }
            while (filled > 0 && !flushed.IsCompleted);
        }
        catch (Exception e)
        {
            failure = e; // for whoever reads; where nobody does any more, nobody asks
        }

        await _pipe.Writer.CompleteAsync(failure);
    }

    // Handing a block over costs some microseconds, and unpackers give little at a time.
    private async ValueTask<int> FillAsync(Memory<byte> block, CancellationToken cancellation)
    {
        int filled = 0;
        while (filled < block.Length && await content.ReadAsync(block[filled..], cancellation) is int read and > 0)
            filled += read;
        return filled;
    }
}
