using System.Globalization;
using System.Text;

namespace KeypointPipeline.Formats.Csv;

/// <summary>Parses coordinates written as text.</summary>
internal static class Coordinate
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Parses a coordinate. Empty text and <c>NaN</c> in any case, as pandas and numpy write it, are a missing label: NaN.</summary>
    /// <returns>The problem, or null if the coordinate is valid or missing.</returns>
    public static RowProblemKind? Parse(ReadOnlySpan<byte> text, out float value)
    {
        text = text.Trim(" \t"u8);
        value = float.NaN;
        if (text.IsEmpty || Ascii.EqualsIgnoreCase(text, "nan"u8))
            return null;
        if (!float.TryParse(text, Style, CultureInfo.InvariantCulture, out float parsed) || float.IsNaN(parsed))
            return WhyNotANumber(text);
        if (!float.IsFinite(parsed))
            return RowProblemKind.Infinite;

        // Adding 0 turns -0 into 0. Equal coordinates must have equal bytes, so that equal rows give the same dataset id.
        value = parsed + 0f;
        return null;
    }

    private static RowProblemKind WhyNotANumber(ReadOnlySpan<byte> text)
    {
        if (Ascii.EqualsIgnoreCase(text.TrimStart("+-"u8), "inf"u8))
            return RowProblemKind.Infinite;
        return HasDecimalComma(text) ? RowProblemKind.DecimalComma : RowProblemKind.NotANumber;
    }

    private static bool HasDecimalComma(ReadOnlySpan<byte> text)
    {
        int comma = text.IndexOf((byte)',');
        return comma >= 0
            && comma == text.LastIndexOf((byte)',')
            && float.TryParse(text[..comma], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            && float.TryParse(text[(comma + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
