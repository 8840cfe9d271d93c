using System.Globalization;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Formats.PixelCsv.Pixels;

/// <summary>Parses pixels as programs write arrays: <c>[12, 34]</c>, <c>[12 34]</c>, <c>12,34</c>, <c>12.0 34.0</c>, <c>['12', '34']</c>, and lines
/// in brackets of their own. Slower than <see cref="PixelList"/>, and needed only where that finds a fault.</summary>
internal ref struct WrittenPixels(ReadOnlySpan<byte> text, Span<byte> pixels)
{
    private const int MostBrackets = 3;
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly Span<byte> _pixels = pixels;
    private int _at;
    private int _depth;
    private Part _last;
    private bool? _hasCommas;
    private int _lines;
    private int _lineStart;
    private int _lineLength;

    /// <summary>What was read last.</summary>
    private enum Part
    {
        Nothing,
        Opened,
        Number,
        Comma,
        Closed,
    }

    /// <summary>Number of values in the text, or before the fault.</summary>
    public int Count { get; private set; }

    /// <summary>Index of the first character that does not belong to such a list, or -1.</summary>
    public int Fault { get; private set; }

    /// <summary>The size that the lines in brackets state, or null.</summary>
    public readonly FrameSize? Lines => _lines > 1 && _lineLength > 0 ? new FrameSize(_lineLength, _lines) : null;

    /// <summary>Returns whether the text contains the dots that NumPy prints in place of the middle of a long array.</summary>
    public static bool IsShortened(ReadOnlySpan<byte> text) => text.IndexOf("..."u8) >= 0 || text.IndexOf("…"u8) >= 0;

    /// <summary>Returns a pixel's value: a whole number from 0 to 255, also written as <c>12.0</c> or in quotes. Returns -1 for anything
    /// else.</summary>
    public static int ParseOne(ReadOnlySpan<byte> word)
    {
        if (word.Length > 1 && word[0] is (byte)'\'' or (byte)'"' && word[^1] == word[0])
            word = word[1..^1];
        return double.TryParse(word, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double value)
            && value is >= 0 and <= byte.MaxValue && value == Math.Floor(value)
            ? (int)value
            : -1;
    }

    /// <summary>Parses the text. Values that the buffer has no room for are only counted.</summary>
    public void Parse()
    {
        Fault = -1;
        while (true)
        {
            while (_at < _text.Length && IsSpace(_text[_at]))
                _at++;
            if (_at == _text.Length)
                break;
            if (!TryTake(_text[_at]))
            {
                Fault = _at;
                return;
            }
        }

        if (_depth > 0)
            Fault = _text.Length;
    }

    /// <summary>Returns the word at a fault, for the message.</summary>
    public static ReadOnlySpan<byte> WordAt(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (end < text.Length && !IsBoundary(text[end]))
            end++;
        return end == start && start < text.Length ? text.Slice(start, 1) : text[start..end];
    }

    private bool TryTake(byte character)
    {
        switch (character)
        {
            case (byte)'[' or (byte)'(':
                if (_last == Part.Number || _depth == MostBrackets)
                    return false;
                _depth++;
                _lineStart = Count;
                return Moved(Part.Opened);
            case (byte)']' or (byte)')':
                if (_depth == 0 || _last is Part.Opened)
                    return false;
                if (_depth == MostBrackets - 1 && _last != Part.Closed)
                    CloseLine();
                _depth--;
                return Moved(Part.Closed);
            case (byte)',':
                if (_last is not (Part.Number or Part.Closed) || _hasCommas == false)
                    return false;
                _hasCommas = true;
                return Moved(Part.Comma);
            default:
                return TryTakeNumber();
        }
    }

    private bool TryTakeNumber()
    {
        // Commas stand between all numbers or between none: 12 34,5 may be 34 and a column more.
        if (_last == Part.Closed || (_last == Part.Number && _hasCommas == true))
            return false;
        if (_last == Part.Number)
            _hasCommas = false;
        int value = 0;
        int end = _at;
        for (; end < _text.Length && value <= byte.MaxValue && _text[end] is >= (byte)'0' and <= (byte)'9'; end++)
            value = (value * 10) + _text[end] - '0';
        bool isPlain = end > _at && value <= byte.MaxValue && (end == _text.Length || IsBoundary(_text[end]));
        if (!isPlain)
        {
            while (end < _text.Length && !IsBoundary(_text[end]))
                end++;
            value = ParseOne(_text[_at..end]);
            if (value < 0)
                return false;
        }

        if (Count < _pixels.Length)
            _pixels[Count] = (byte)value;
        Count++;
        _at = end;
        _last = Part.Number;
        return true;
    }

    /// <summary>Counts a line. Lines of several lengths state no size.</summary>
    private void CloseLine()
    {
        int length = Count - _lineStart;
        _lineLength = _lines == 0 || _lineLength == length ? length : 0;
        _lines++;
    }

    private bool Moved(Part part)
    {
        _last = part;
        _at++;
        return true;
    }

    private static bool IsBoundary(byte character) => IsSpace(character) || character is (byte)',' or (byte)'[' or (byte)']' or (byte)'(' or (byte)')';

    private static bool IsSpace(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
