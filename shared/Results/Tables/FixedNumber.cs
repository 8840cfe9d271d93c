using System.Buffers;
using System.Globalization;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Results.Tables;

/// <summary>Writes coordinates with three decimals, as the format <c>0.000</c> does. Coordinates are rounded to 1/1000, and for such
/// numbers this takes a tenth of the time: a batch has up to a hundred of them per image.</summary>
internal static class FixedNumber
{
    private const string Format = "0.000";

    /// <summary>The digits of the largest double, a sign and the decimals.</summary>
    private const int LongestText = 320;

    /// <summary>Appends a finite number.</summary>
    public static void Write(IBufferWriter<byte> output, double value)
    {
        Span<byte> text = output.GetSpan(LongestText);
        output.Advance(Thousandths.TryWriteFixed(text, value, out int written) || value.TryFormat(text, out written, Format, CultureInfo.InvariantCulture)
            ? written
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The number is not finite."));
    }
}
