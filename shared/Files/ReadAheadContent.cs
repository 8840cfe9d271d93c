using System.Buffers;
using System.Threading.Channels;

namespace KeypointPipeline.Files;

/// <summary>Reads and unpacks some blocks ahead of the parser, so that each of the two keeps a core busy. Blocks are handed over
/// without copying.</summary>
/// <param name="content">The content to read. It is disposed with this object.</param>
internal sealed class ReadAheadContent(CsvContent content) : IAsyncDisposable
{
    private const int BufferBytes = 1024 * 1024;
    private const int RoomInFront = 64 * 1024;
    private const int BlocksAhead = 6;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<CsvBlock> _blocks = Channel.CreateBounded<CsvBlock>(
        new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });

    private Task? _reading;

    /// <summary>Name of the CSV file itself, for messages.</summary>
    public string FileName => content.FileName;

    /// <summary>The sidecar that is packed with the CSV, or null.</summary>
    public SidecarFile? Sidecar => content.Sidecar;

    /// <summary>Returns the next block, or null at the end of content that is complete and undamaged. The caller owns the block's
    /// buffer and returns it to <see cref="ArrayPool{T}.Shared"/>.</summary>
    /// <exception cref="RejectedFileException">The compressed data is damaged, cut short or a zip bomb.</exception>
    public async ValueTask<CsvBlock?> NextAsync(CancellationToken cancellationToken)
    {
        _reading ??= Task.Run(() => ReadAheadAsync(_stop.Token), CancellationToken.None);
        while (await _blocks.Reader.WaitToReadAsync(cancellationToken)) // throws the exception of ReadAheadAsync
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
            failure = e; // NextAsync throws it. After disposal nobody reads, so it is dropped.
        }

        _blocks.Writer.Complete(failure);
    }

    // Collects a full block, because handing one over costs some microseconds and decompressors return little at a time.
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

/// <summary>A block of consecutive bytes of a CSV.</summary>
/// <param name="Buffer">The buffer that contains the bytes.</param>
/// <param name="Start">Index of the first byte. There is room before it for the rest of the previous block.</param>
/// <param name="End">Index after the last byte.</param>
internal readonly record struct CsvBlock(byte[] Buffer, int Start, int End);
