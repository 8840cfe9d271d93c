using System.Globalization;
using System.Text;

namespace KeypointPipeline.Formats.PixelCsv;

/// <summary>Parses one coordinate.</summary>
internal static class Coordinate
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Parses a coordinate. Empty text and <c>NaN</c> in any case (pandas and numpy write it) are missing labels, NaN.</summary>
    /// <returns>What is wrong with it, or null.</returns>
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

        // The same place must have the same bytes, or equal rows would not be the same dataset: -0 becomes 0.
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
