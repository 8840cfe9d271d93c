using System.IO.Hashing;
using SkiaSharp;

namespace KeypointPipeline.Images.Codecs;

/// <summary>JPEG files without their end marker. Cameras, webcams and optimisers write files that lack nothing else; interrupted
/// downloads lack pixels too.</summary>
/// <remarks>
/// Decoders cannot tell the two apart: they look ahead beyond the last pixel, and with an end marker added they fill missing pixels with
/// grey. A file has all its pixels if no pixel depends on what follows its last byte. So the file is decoded with several
/// continuations, and all of them must give the same pixels. Missing scans, which no continuation shows, are found by the scans' headers
/// (<see cref="JpegScans"/>).
/// </remarks>
internal static class JpegEnd
{
    private const int ContinuationBytes = 64;
    private const int LinesAtOnce = 16;
    private static readonly byte[] Marker = [0xFF, JpegScans.EndOfImage];

    /// <summary>Patterns of bits for the continuations. A missing bit is 0 in one of them and 1 in another, and so is each pair.</summary>
    private static readonly byte[] Patterns = [0b0101_0101, 0b1010_1010, 0b1111_1110];

    /// <summary>Whether a file has an end marker, perhaps with other data after it.</summary>
    public static bool IsIn(ReadOnlySpan<byte> file) => Trim(file).EndsWith(Marker) || JpegScans.Read(Trim(file)).HasEnd;

    /// <summary>Returns the file with an end marker, or null if it lacks more than that.</summary>
    /// <param name="file">A file without an end marker. Zeros and ones at its end do not count, because they pad files.</param>
    public static byte[]? TryComplete(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> trimmed = Trim(file.Span);
        var scans = JpegScans.Read(trimmed);
        if (!scans.HasAllScans)
            return null;
        byte[] completed = [.. trimmed, .. Marker];
        if (HashPixels(completed) is not ulong pixels)
            return null;
        foreach (byte pattern in Patterns)
        {
            if (HashPixels(Continue(trimmed, scans.NextRestart, pattern)) != pixels)
                return null;
        }

        return completed;
    }

    /// <summary>Removes zeros and 0xFF from the end. A zero after 0xFF is data: together they stand for one byte 0xFF.</summary>
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> file)
    {
        while (file.Length > 0 && (file[^1] == 0xFF || (file[^1] == 0 && (file.Length < 2 || file[^2] != 0xFF))))
            file = file[..^1];
        return file;
    }

    /// <summary>Adds data that a decoder uses if it misses some: within the current restart interval, or in the next one.</summary>
    private static byte[] Continue(ReadOnlySpan<byte> file, int nextRestart, byte pattern)
    {
        byte[] data = new byte[ContinuationBytes];
        data.AsSpan().Fill(pattern);
        return [.. file, .. data, 0xFF, (byte)(JpegScans.FirstRestart + nextRestart), .. data, .. Marker];
    }

    /// <summary>Decodes a file and returns a hash of its pixels, or null if it cannot be decoded completely.</summary>
    private static ulong? HashPixels(byte[] file)
    {
        using PinnedCodec? opened = PinnedCodec.TryOpen(file);
        if (opened is null)
            return null;
        SKImageInfo info = opened.Codec.Info.WithColorType(SKColorType.Rgba8888).WithAlphaType(SKAlphaType.Opaque);
        if (opened.Codec.StartScanlineDecode(info) != SKCodecResult.Success)
            return null;
        var hash = new XxHash64();
        byte[] lines = new byte[LinesAtOnce * info.RowBytes];
        for (int line = 0; line < info.Height; line += LinesAtOnce)
        {
            int count = Math.Min(LinesAtOnce, info.Height - line);
            if (ReadLines(opened.Codec, lines, count, info.RowBytes) < count)
                return null;
            hash.Append(lines.AsSpan(0, count * info.RowBytes));
        }

        return hash.GetCurrentHashAsUInt64();
    }

    private static unsafe int ReadLines(SKCodec codec, byte[] lines, int count, int lineBytes)
    {
        fixed (byte* start = lines)
            return codec.GetScanlines((nint)start, count, lineBytes);
    }
}
