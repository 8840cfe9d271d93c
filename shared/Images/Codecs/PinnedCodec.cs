using System.Buffers;
using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>A native decoder that reads a file in managed memory, without a copy. The memory is pinned until disposal.</summary>
internal sealed class PinnedCodec : IDisposable
{
    private readonly MemoryHandle _pin;
    private readonly SKData _data;

    private PinnedCodec(MemoryHandle pin, SKData data, SKCodec codec)
    {
        _pin = pin;
        _data = data;
        Codec = codec;
    }

    /// <summary>The decoder. It has read the file's header.</summary>
    public SKCodec Codec { get; }

    /// <summary>Opens a file. Returns null if no decoder can read its header.</summary>
    public static PinnedCodec? TryOpen(ReadOnlyMemory<byte> file)
    {
        MemoryHandle pin = file.Pin();
        SKData? data = null;
        try
        {
            unsafe
            {
                data = SKData.Create((nint)pin.Pointer, file.Length);
            }

            if (SKCodec.Create(data) is SKCodec codec)
                return new PinnedCodec(pin, data, codec);
        }
        catch
        {
            data?.Dispose();
            pin.Dispose();
            throw;
        }

        data.Dispose();
        pin.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Codec.Dispose();
        _data.Dispose();
        _pin.Dispose();
    }
}
