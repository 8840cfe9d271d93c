using System.Buffers;
using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Turns blocks of UTF-16 or UTF-32 text into UTF-8. Spreadsheets call the former "Unicode text".</summary>
/// <remarks>What is no character, such as half of one where a file was cut, becomes U+FFFD. The field that has it is then no number.</remarks>
internal sealed class Transcoder
{
    private const int SampleBytes = 4096;
    private const int RoomInFront = 64 * 1024;

    private readonly Decoder _decoder;
    private char[] _text = [];

    private Transcoder(Encoding encoding, string description)
    {
        _decoder = encoding.GetDecoder();
        Description = description;
    }

    /// <summary>The encoding in words.</summary>
    public string Description { get; }

    /// <summary>Returns the transcoder for a text, or null if its characters are single bytes or UTF-8.</summary>
    /// <param name="start">The first bytes of the text, with its byte order mark if there is one.</param>
    public static Transcoder? Find(ReadOnlySpan<byte> start)
    {
        if (start is [0xFF, 0xFE, 0, 0, ..])
            return new Transcoder(Encoding.UTF32, "UTF-32");
        if (start is [0, 0, 0xFE, 0xFF, ..])
            return new Transcoder(new UTF32Encoding(bigEndian: true, byteOrderMark: true), "UTF-32");
        if (start is [0xFF, 0xFE, ..])
            return new Transcoder(Encoding.Unicode, "UTF-16");
        if (start is [0xFE, 0xFF, ..])
            return new Transcoder(Encoding.BigEndianUnicode, "UTF-16");
        return FindWithoutMark(start[..Math.Min(start.Length, SampleBytes)]);
    }

    /// <summary>Transcodes a block, and returns its buffer to the pool.</summary>
    public CsvBlock Transcode(CsvBlock block)
    {
        CsvBlock transcoded = Transcode(block.Buffer.AsSpan(block.Start..block.End), flush: false);
        ArrayPool<byte>.Shared.Return(block.Buffer);
        return transcoded;
    }

    /// <summary>Returns what is left at the end of the text: nothing, or the mark for a character that was cut.</summary>
    public CsvBlock Flush() => Transcode([], flush: true);

    /// <summary>In UTF-16, each character of a header and of numbers has one byte that is zero, always on the same side. A text of single
    /// bytes or UTF-8 has no zeros.</summary>
    private static Transcoder? FindWithoutMark(ReadOnlySpan<byte> sample)
    {
        if (!sample.Contains((byte)0) || FileMagic.Guess(sample).Length > 0)
            return null;
        int pairs = sample.Length / 2;
        int first = 0;
        int second = 0;
        for (int i = 0; i < pairs; i++)
        {
            first += sample[2 * i] == 0 ? 1 : 0;
            second += sample[(2 * i) + 1] == 0 ? 1 : 0;
        }

        if (first == 0 && 2 * second > pairs)
            return new Transcoder(Encoding.Unicode, "UTF-16 without a byte order mark");
        if (second == 0 && 2 * first > pairs)
            return new Transcoder(Encoding.BigEndianUnicode, "UTF-16 (big-endian) without a byte order mark");
        return null;
    }

    private CsvBlock Transcode(ReadOnlySpan<byte> bytes, bool flush)
    {
        int most = _decoder.GetCharCount(bytes, flush);
        if (_text.Length < most)
            _text = new char[most];
        int count = _decoder.GetChars(bytes, _text, flush);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(RoomInFront + Encoding.UTF8.GetMaxByteCount(count));
        return new CsvBlock(buffer, RoomInFront, RoomInFront + Encoding.UTF8.GetBytes(_text.AsSpan(0, count), buffer.AsSpan(RoomInFront)));
    }
}
