namespace KeypointPipeline.Files;

/// <summary>A file's stream as the unpackers read it: counts bytes, and keeps a failed read (network, disk), which is worth
/// another try, apart from a damaged file, which is not. A read gives fewer bytes than asked for at the end only: what .NET says of a
/// damaged zip otherwise depends on the pieces that it came in.</summary>
/// <param name="inner">The stream; disposed with this object.</param>
/// <param name="name">The file's name, for messages.</param>
/// <param name="length">Its bytes, where known: a stream that ends earlier is then a failed read.</param>
internal sealed class SourceStream(Stream inner, string name, long? length) : Stream
{
    private long _position;
    private long _budget = long.MaxValue;
    private string? _overBudget;

    /// <summary>Bytes read so far, some perhaps more than once.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether the source itself failed: the exception is then not about the file's content.</summary>
    public bool Failed { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => inner.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => inner.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Lets so many bytes more be read; then <see cref="RejectedFileException"/> with that reason.</summary>
    public void LimitReads(long bytes, string reason) => (_budget, _overBudget) = (bytes, reason);

    /// <summary>Takes the limit off again.</summary>
    public void UnlimitReads() => _budget = long.MaxValue;

    /// <summary>Whether it is what an unpacker throws for a file that is not as it should be; a failed read is not.</summary>
    public bool IsDamage(Exception e) =>
        !Failed && e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch
        {
            Failed = true;
            throw;
        }

        return Account(read, buffer.Length);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch
        {
            Failed = true;
            throw;
        }

        return Account(read, buffer.Length);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => _position = inner.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("Sources are only read.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Sources are only read.");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Account(int read, int asked)
    {
        if (read == 0 && asked > 0 && _position < length)
        {
            Failed = true;
            throw new IOException($"{name}: reading ended after {_position:N0} of {length:N0} bytes. Try again.");
        }

        _position += read;
        BytesRead += read;
        _budget -= read;
        return _budget >= 0 ? read : throw new RejectedFileException(_overBudget!);
    }
}
