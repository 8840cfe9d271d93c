using System.Buffers;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.CelebA;

/// <summary>Turns CelebA's text file into a table, while it is read: the first line, the number of pictures, is left out; the line with the
/// names gets one for the pictures; and each run of blanks becomes one comma.</summary>
/// <param name="text">The text. It is disposed with this object.</param>
internal sealed class CelebaText(CsvContent text) : CsvContent(text.FileName)
{
    private const int PartBytes = 64 * 1024;

    private readonly byte[] _part = new byte[PartBytes];
    private readonly ArrayBufferWriter<byte> _table = new(2 * PartBytes);
    private int _next;
    private bool _isCount = true;
    private bool _isFirst = true;
    private bool _isLineStart = true;
    private bool _hasBlank;

    private static ReadOnlySpan<byte> PictureName => "image_id,"u8;

    /// <summary>Whether a text starts with a number on the first line and CelebA's names on the second.</summary>
    public static bool Fits(string start)
    {
        string[] lines = start.Split('\n', 3);
        return lines.Length > 1 && lines[0].Trim() is { Length: > 0 } count && count.All(char.IsAsciiDigit)
            && lines[1].Contains("lefteye_x", StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_next == _table.WrittenCount)
        {
            int read = await text.ReadAsync(_part, cancellationToken);
            if (read == 0)
                return 0;
            _next = 0;
            _table.ResetWrittenCount();
            Convert(_part.AsSpan(0, read));
        }

        int count = Math.Min(buffer.Length, _table.WrittenCount - _next);
        _table.WrittenMemory.Slice(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => text.DisposeAsync();

    private void Convert(ReadOnlySpan<byte> part)
    {
        foreach (byte c in part)
        {
            if (_isCount)
            {
                _isCount = c != '\n';
                continue;
            }

            if (_isFirst)
                _table.Write(PictureName);
            _isFirst = false;
            if (c is (byte)' ' or (byte)'\t')
            {
                _hasBlank = !_isLineStart;
                continue;
            }

            if (_hasBlank && c is not ((byte)'\n' or (byte)'\r'))
                _table.Write(","u8);
            _hasBlank = false;
            _isLineStart = c == '\n';
            _table.Write([c]);
        }
    }
}
