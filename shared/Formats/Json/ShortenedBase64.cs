using System.Buffers;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Json;

/// <summary>Reads JSON and shortens the pictures that labelling tools embed in it as Base64, so that the rest fits into memory. What was valid
/// JSON stays valid: only bytes of a long run of Base64's letters, digits and signs are left out, which no escape and no other character can be
/// a part of. Lines keep their numbers.</summary>
/// <param name="stream">The JSON in UTF-8. It is disposed with this object.</param>
internal sealed class ShortenedBase64(Stream stream) : ReadOnlyStream
{
    /// <summary>The bytes of a run that are kept: longer than any name or number that is read.</summary>
    public const int LongestRun = 4096;

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    /// <summary>Bytes of the run so far, at most <see cref="LongestRun"/>.</summary>
    private int _run;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (await stream.ReadAsync(buffer, cancellationToken) is int read and > 0)
        {
            if (Shorten(buffer.Span[..read]) is int kept and > 0)
                return kept;
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Moves the bytes that are kept to the start, and returns their number.</summary>
    private int Shorten(Span<byte> bytes)
    {
        int kept = 0;
        int next = 0;
        while (next < bytes.Length)
        {
            int run = LengthOf(bytes[next..].IndexOfAnyExcept(Letters), bytes.Length - next);
            int keep = Math.Min(run, LongestRun - _run);
            bytes.Slice(next, keep).CopyTo(bytes[kept..]);
            kept += keep;
            next += run;
            _run += keep;
            int others = LengthOf(bytes[next..].IndexOfAny(Letters), bytes.Length - next);
            if (others == 0)
                continue;
            bytes.Slice(next, others).CopyTo(bytes[kept..]);
            kept += others;
            next += others;
            _run = 0;
        }

        return kept;
    }

    private static int LengthOf(int index, int rest) => index < 0 ? rest : index;
}
