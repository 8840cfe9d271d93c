using System.Buffers;
using System.Globalization;

namespace KeypointPipeline.Results.Tables;

/// <summary>Writes coordinates with three decimals, as the format <c>0.000</c> does. Coordinates are rounded to 1/1000, and for such
/// numbers this takes a tenth of the time: a batch has up to a hundred of them per image.</summary>
internal static class FixedNumber
{
    private const string Format = "0.000";
    private const double Largest = 1e9;

    /// <summary>The digits of the largest double, a sign and the decimals.</summary>
    private const int LongestText = 320;

    /// <summary>Appends a finite number.</summary>
    public static void Write(IBufferWriter<byte> output, double value)
    {
        Span<byte> text = output.GetSpan(LongestText);
        output.Advance(TryWriteThousandths(text, value, out int written) || value.TryFormat(text, out written, Format, CultureInfo.InvariantCulture)
            ? written
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The number is not finite."));
    }

    /// <summary>Writes a number that is a whole number of thousandths. Zero is left out because of its sign.</summary>
    private static bool TryWriteThousandths(Span<byte> text, double value, out int written)
    {
        written = 0;
        if (!(Math.Abs(value) < Largest))
            return false;
        long thousandths = (long)Math.Round(value * 1000);
        if (thousandths == 0 || thousandths / 1000.0 != value)
            return false;
        if (thousandths < 0)
        {
            text[written++] = (byte)'-';
            thousandths = -thousandths;
        }

        (long whole, long rest) = Math.DivRem(thousandths, 1000);
        whole.TryFormat(text[written..], out int digits, default, CultureInfo.InvariantCulture);
        written += digits;
        text[written++] = (byte)'.';
        text[written++] = (byte)('0' + (rest / 100));
        text[written++] = (byte)('0' + (rest / 10 % 10));
        text[written++] = (byte)('0' + (rest % 10));
        return true;
    }
}
