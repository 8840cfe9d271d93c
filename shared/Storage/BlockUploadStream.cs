using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace KeypointPipeline.Storage;

/// <summary>Writes a blob as a stream, without a local file. Sends blocks of 4 MiB while more content is written, and holds at most
/// two of them in memory. Readers see nothing of it until <see cref="CommitAsync(CancellationToken)"/> puts the whole blob in place.
/// An upload that is disposed without that leaves an older blob as it is.</summary>
/// <remarks>Several uploads may write one blob at once. Their blocks have different ids, so a blob never mixes their contents. The first
/// commit discards the blocks of the others, whose own commits then fail.</remarks>
public sealed class BlockUploadStream : Stream
{
    /// <summary>Bytes of a block. 50,000 blocks, the most that a blob may have, are 195 GiB.</summary>
    public const int BlockBytes = 4 << 20;

    /// <summary>All unfinished blocks of a blob need ids of one length. This is the length that Azure's client uses for its uploads.</summary>
    private const int IdBytes = 48;

    private readonly BlockBlobClient _blob;
    private readonly BlobHttpHeaders? _headers;
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(IdBytes);
    private readonly List<string> _blocks = [];
    private byte[]? _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
    private int _filled;
    private long _written;
    private Task _staging = Task.CompletedTask;

    /// <summary>Starts an upload. Sends no request yet.</summary>
    /// <param name="blob">The blob. It is replaced by the commit.</param>
    /// <param name="headers">Its headers, for example the content type; null for none.</param>
    public BlockUploadStream(BlockBlobClient blob, BlobHttpHeaders? headers = null)
    {
        ArgumentNullException.ThrowIfNull(blob);
        _blob = blob;
        _headers = headers;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>True until the upload is committed or disposed.</summary>
    public override bool CanWrite => _block is not null;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <summary>Number of bytes written. Cannot be set.</summary>
    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    /// <summary>Appends content. Waits for the network only if the block before the one that became full is still being sent.</summary>
    /// <exception cref="RequestFailedException">An earlier block could not be sent.</exception>
    /// <exception cref="ObjectDisposedException">The upload was committed or disposed.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!Take(buffer.Span, out int taken))
        {
            buffer = buffer[taken..];
            await SendAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <remarks>Blocks the thread while it waits. Content that fits into the current block only needs a copy.</remarks>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!Take(buffer, out int taken))
        {
            buffer = buffer[taken..];
            SendAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing: only whole blocks are sent before the commit.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc cref="Flush"/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Puts the blob in place. Nothing can be written afterwards.</summary>
    /// <inheritdoc cref="CommitAsync(BlobRequestConditions?, CancellationToken)"/>
    public Task<ETag> CommitAsync(CancellationToken cancellationToken) => CommitAsync(conditions: null, cancellationToken);

    /// <summary>Puts the blob in place if it meets conditions. Nothing can be written afterwards.</summary>
    /// <param name="conditions">Conditions on the blob that is replaced; null for none.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>ETag of the new blob.</returns>
    /// <exception cref="RequestFailedException">A block could not be sent, the conditions are not met (<see cref="StorageRefusal.IsOvertaken"/>),
    /// or another upload was committed meanwhile. The blob is unchanged.</exception>
    public async Task<ETag> CommitAsync(BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        if (_blocks.Count == 0)
        {
            // One request in place of two.
            var options = new BlobUploadOptions { HttpHeaders = _headers, Conditions = conditions };
            using var content = new MemoryStream(_block, 0, _filled, writable: false);
            BlobContentInfo uploaded = await _blob.UploadAsync(content, options, cancellationToken);
            Release();
            return uploaded.ETag;
        }

        if (_filled > 0)
            await SendAsync(cancellationToken);
        await _staging;
        BlobContentInfo committed = await _blob.CommitBlockListAsync(
            _blocks, new CommitBlockListOptions { HttpHeaders = _headers, Conditions = conditions }, cancellationToken);
        Release();
        return committed.ETag;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _staging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Release();
        base.Dispose(disposing);
    }

    /// <summary>Copies content into the block.</summary>
    /// <returns>True if all of it fitted; false if the block is full and more is left.</returns>
    private bool Take(ReadOnlySpan<byte> content, out int taken)
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        taken = Math.Min(content.Length, BlockBytes - _filled);
        content[..taken].CopyTo(_block.AsSpan(_filled));
        _filled += taken;
        _written += taken;
        return taken == content.Length;
    }

    /// <summary>Sends the block in the background, once the one before it has arrived.</summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await _staging;
        BinaryPrimitives.WriteInt32BigEndian(_id, _blocks.Count);
        string id = Convert.ToBase64String(_id);
        _blocks.Add(id);
        _staging = StageAsync(id, _block!, _filled, cancellationToken);
        _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        _filled = 0;
    }

    private async Task StageAsync(string id, byte[] block, int length, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(block, 0, length, writable: false);
        await _blob.StageBlockAsync(id, content, options: null, cancellationToken);
        // After a failure the client may still be reading the array.
        ArrayPool<byte>.Shared.Return(block);
    }

    private void Release()
    {
        if (_block is not null)
            ArrayPool<byte>.Shared.Return(_block);
        _block = null;
    }
}
