namespace KeypointPipeline.Files;

/// <summary>The stream that decompressors read a file from. It counts bytes. It also distinguishes a failed read (network, disk),
/// which is worth a retry, from a damaged file, which is not.</summary>
/// <remarks>A read returns fewer bytes than requested only at the end. Otherwise .NET's error for a damaged zip would depend on
/// the sizes of the reads.</remarks>
/// <param name="inner">The stream to read. It is disposed with this object.</param>
/// <param name="name">The file's name, for messages.</param>
/// <param name="length">The file's size in bytes, or null if unknown. If it is known, a stream that ends earlier is a failed read.</param>
internal sealed class SourceStream(Stream inner, string name, long? length) : Stream
{
    private long _position;

    /// <summary>Number of bytes read so far. Bytes that are read twice count twice.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Gets whether reading the source failed. An exception is then not about the file's content.</summary>
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

    /// <summary>Compares the sizes, if both are known.</summary>
    /// <exception cref="IOException">They differ: the file changed or was copied only in part.</exception>
    public void ThrowIfOtherLength()
    {
        if (CanSeek && length is { } expected && Length != expected)
            throw new IOException($"{name}: {expected:N0} bytes are expected, but {Length:N0} can be read. Try again.");
    }

    /// <summary>Returns whether a decompressor throws this exception for a damaged file. A failed read is not damage.</summary>
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
        return read;
    }
}
