using System.Buffers;
using System.Threading.Channels;

namespace KeypointPipeline.Files;

/// <summary>Reads, and unpacks, some blocks ahead of whoever parses: the two then keep a core each busy. Blocks change hands and are
/// not copied.</summary>
/// <param name="content">What to read; disposed with this object.</param>
internal sealed class ReadAheadContent(CsvContent content) : IAsyncDisposable
{
    private const int BufferBytes = 1024 * 1024;
    private const int RoomInFront = 64 * 1024;
    private const int BlocksAhead = 6;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<CsvBlock> _blocks = Channel.CreateBounded<CsvBlock>(
        new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });

    private Task? _reading;

    /// <summary>The CSV's own name, for messages.</summary>
    public string FileName => content.FileName;

    /// <summary>The next block, or null at the end, if all of the content was there and undamaged. Its buffer is the caller's, who gives it
    /// to <see cref="ArrayPool{T}.Shared"/> in the end.</summary>
    /// <exception cref="RejectedFileException">The packing is damaged, cut short or a bomb.</exception>
    public async ValueTask<CsvBlock?> NextAsync(CancellationToken cancellationToken)
    {
        _reading ??= Task.Run(() => ReadAheadAsync(_stop.Token), CancellationToken.None);
        while (await _blocks.Reader.WaitToReadAsync(cancellationToken)) // throws what the reading threw
        {
            if (_blocks.Reader.TryRead(out CsvBlock block))
                return block;
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_reading is not null)
            await _reading;
        _stop.Dispose();
        await content.DisposeAsync();
    }

    private async Task ReadAheadAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            while (await ReadBlockAsync(cancellationToken) is { } block)
                await _blocks.Writer.WriteAsync(block, cancellationToken);
        }
        catch (Exception e)
        {
            failure = e; // for whoever reads; where nobody does any more, nobody asks
        }

        _blocks.Writer.Complete(failure);
    }

    // Handing a block over costs some microseconds, and unpackers give little at a time.
    private async ValueTask<CsvBlock?> ReadBlockAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        int end = RoomInFront;
        while (end < buffer.Length && await content.ReadAsync(buffer.AsMemory(end), cancellationToken) is int read and > 0)
            end += read;
        if (end > RoomInFront)
            return new CsvBlock(buffer, RoomInFront, end);
        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }
}

/// <summary>A part of a CSV.</summary>
/// <param name="Buffer">Has it.</param>
/// <param name="Start">Where it starts; in front of it is room for what the block before left over.</param>
/// <param name="End">Behind its last byte.</param>
internal readonly record struct CsvBlock(byte[] Buffer, int Start, int End);
