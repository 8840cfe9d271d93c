using System.Globalization;
using System.Text;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Parses the numbers of one table. All of them have decimal points, or all of them have decimal commas: the numbers of the first
/// rows decide, or else the first number with a decimal sign. A sign between thousands is never accepted, because <c>1,012</c> would be
/// read as about 1.</summary>
internal sealed class TableNumbers
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int LongestOnStack = 64;

    /// <summary>What programs write for a value that is missing. The last three are Excel's <c>#N/A</c> in other languages.</summary>
    private static readonly string[] MissingWords = ["NaN", "NA", "N/A", "#N/A", "null", "None", "<NA>", "#NA", "n.a.", "-NaN", "#NV", "#N/D", "#N/B"];

    private readonly bool _isCommaSeparated;
    private readonly long[] _missing = new long[MissingWords.Length];
    private byte _sign;

    /// <summary>Creates the parser.</summary>
    /// <param name="sample">The first rows of the table.</param>
    public TableNumbers(CsvSample sample)
    {
        _isCommaSeparated = sample.Dialect.Separator == ',';
        int points = 0;
        int commas = 0;
        foreach (SampleField field in sample.Rows.SelectMany(row => row))
        {
            ReadOnlySpan<byte> text = field.Text.Span.Trim(" \t"u8);
            points += HasSign(text, (byte)'.') ? 1 : 0;
            commas += HasSign(text, (byte)',') ? 1 : 0;
        }

        if (points + commas > 0)
            _sign = points >= commas ? (byte)'.' : (byte)',';
    }

    /// <summary>Parses a number. Empty text, and the words that programs write for a missing value, are NaN.</summary>
    /// <returns>The problem, or null if the number is finite or missing.</returns>
    public RowProblemKind? Parse(ReadOnlySpan<byte> text, out float value)
    {
        text = text.Trim(" \t"u8);
        if (text.IsEmpty)
        {
            value = float.NaN;
            return null;
        }

        // Adding 0 turns -0 into 0. Equal coordinates must have equal bytes, so that equal rows give the same dataset id.
        if (_sign == '.' && float.TryParse(text, Style, CultureInfo.InvariantCulture, out float parsed) && float.IsFinite(parsed))
        {
            value = parsed + 0f;
            return null;
        }

        RowProblemKind? problem = ParseOther(text, out value);
        value = problem is null ? value + 0f : float.NaN;
        return problem;
    }

    /// <summary>Says what is wrong with a number, for a message.</summary>
    public string Explain(RowProblemKind problem, ReadOnlySpan<byte> text)
    {
        string excerpt = ShownText.Quote(text);
        return problem switch
        {
            RowProblemKind.Infinite => $"{excerpt} is infinite: leave a missing label empty",
            RowProblemKind.DecimalComma when _sign == '.' => $"{excerpt} has a decimal comma: write a point",
            RowProblemKind.DecimalComma when _sign == ',' => $"{excerpt} has a decimal point, but the file's other numbers have decimal commas: write a comma",
            RowProblemKind.DecimalComma => $"{excerpt} can mean thousands or decimals: write it without a sign between thousands",
            _ when text.Contains((byte)',') && text.Contains((byte)'.') => $"{excerpt} is not a number: write it without a sign between thousands",
            _ => $"{excerpt} is not a number",
        };
    }

    /// <summary>Describes what differs from decimal points and from empty fields for missing labels, one sentence each.</summary>
    public IEnumerable<string> Describe()
    {
        if (_sign == ',')
            yield return "Numbers have decimal commas.";
        string[] words = [.. MissingWords.Where((_, i) => i > 0 && _missing[i] > 0)];
        if (words.Length > 0)
            yield return $"Missing labels are written as {string.Join(", ", words)}: {_missing.Skip(1).Sum():N0} coordinates.";
    }

    private RowProblemKind? ParseOther(ReadOnlySpan<byte> text, out float value)
    {
        byte sign = SignOf(text);
        bool isNumber = TryParse(text, sign, out value);
        if (!isNumber || !float.IsFinite(value))
            return WhyNotFinite(text, isNumber && float.IsInfinity(value), out value);
        if (sign == 0 || sign == _sign)
            return null;
        if (_sign != 0 || IsPerhapsThousands(text))
            return RowProblemKind.DecimalComma;
        _sign = sign;
        return null;
    }

    private RowProblemKind? WhyNotFinite(ReadOnlySpan<byte> text, bool isInfinite, out float value)
    {
        value = float.NaN;
        if (IsMissing(text))
            return null;
        return isInfinite || Ascii.EqualsIgnoreCase(text.TrimStart("+-"u8), "inf"u8) ? RowProblemKind.Infinite : RowProblemKind.NotANumber;
    }

    private bool IsMissing(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < MissingWords.Length; i++)
        {
            if (!Ascii.EqualsIgnoreCase(text, MissingWords[i]))
                continue;
            _missing[i]++;
            return true;
        }

        return false;
    }

    /// <summary>Whether a text is a number with this decimal sign.</summary>
    private bool HasSign(ReadOnlySpan<byte> text, byte sign) =>
        text.Length <= LongestOnStack && SignOf(text) == sign && TryParse(text, sign, out float value) && float.IsFinite(value) && !IsPerhapsThousands(text);

    /// <summary>Returns the point or comma of a text, or 0 if it has none. A text with both is no number.</summary>
    private static byte SignOf(ReadOnlySpan<byte> text)
    {
        int first = text.IndexOfAny((byte)'.', (byte)',');
        return first < 0 ? (byte)0 : text[first];
    }

    private static bool TryParse(ReadOnlySpan<byte> text, byte sign, out float value)
    {
        if (sign != ',')
            return float.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
        value = float.NaN;
        if (text.Contains((byte)'.'))
            return false;
        Span<byte> pointed = text.Length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[text.Length];
        pointed = pointed[..text.Length];
        text.Replace(pointed, (byte)',', (byte)'.');
        return float.TryParse(pointed, Style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether a number can also be read as one between 1,000 and 1,999: no frame has more pixels a side. A point means decimals
    /// where commas separate the fields.</summary>
    private bool IsPerhapsThousands(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart("+-"u8);
        return text.Length == 5 && text[0] == '1' && text[1] is (byte)'.' or (byte)',' && !(text[1] == '.' && _isCommaSeparated)
            && text[2..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
