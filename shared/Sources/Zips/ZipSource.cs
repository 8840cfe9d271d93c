using KeypointPipeline.Files;

namespace KeypointPipeline.Sources.Zips;

/// <summary>Reads a zip at any place, for several readers at once: each read has its own place, and reads take turns.</summary>
/// <param name="stream">The zip. It can seek, and is disposed with this object.</param>
internal sealed class ZipSource(SourceStream stream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Size of the zip in bytes.</summary>
    public long Length { get; } = stream.Length;

    /// <inheritdoc cref="SourceStream.IsDamage"/>
    public bool IsDamage(Exception e) => stream.IsDamage(e);

    /// <summary>Reads from a place. Returns fewer bytes than fit only at the zip's end.</summary>
    public async ValueTask<int> ReadAsync(long position, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (stream.Position != position)
                stream.Position = position;
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        _turn.Dispose();
    }
}
