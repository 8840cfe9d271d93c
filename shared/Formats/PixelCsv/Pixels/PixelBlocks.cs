using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KeypointPipeline.Formats.PixelCsv.Pixels;

/// <summary>Parses the common way to write pixels: numbers of one to three digits, separated by spaces. It parses 32 bytes per step,
/// without a branch per number. For every byte it computes the number that would end before that byte, from the three bytes in
/// front. Then it keeps the numbers in front of spaces.</summary>
internal static class PixelBlocks
{
    private const int Step = 32;

    /// <summary>Number of bytes to look back: three digits of a number, and one more to detect a fourth digit.</summary>
    private const int LookBack = 4;

    /// <summary>For every mask of eight 16-bit lanes: the indices of the low bytes of the lanes in the mask, without gaps.</summary>
    private static readonly ulong[] Chosen = CreateChosen();

    /// <summary>Parses until the text is written differently or <paramref name="pixels"/> has no room for another step.</summary>
    /// <param name="text">The column's text.</param>
    /// <param name="pixels">Receives the values. Bytes after them may be overwritten.</param>
    /// <param name="next">Index where a number or white space starts. It is moved past the parsed values, never into a number.</param>
    /// <param name="count">Number of values parsed so far.</param>
    public static void Parse(ReadOnlySpan<byte> text, Span<byte> pixels, ref int next, ref int count)
    {
        int at = next;
        while (at < text.Length && text[at] == ' ')
            at++;
        // Do not start in the middle of a number or directly after one: its end would count again.
        if (at < LookBack || text[at - 1] != ' ' || !IsPlain(text.Slice(at - LookBack, LookBack)))
            return;
        ref byte source = ref MemoryMarshal.GetReference(text);
        ref byte target = ref MemoryMarshal.GetReference(pixels);
        ref ulong chosen = ref MemoryMarshal.GetArrayDataReference(Chosen);
        int lastStart = text.Length - Step;
        int lastRoom = pixels.Length - (Step / 2);
        int filled = count;
        while (at <= lastStart && filled <= lastRoom && TryParse(ref source, at, out Vector256<byte> values, out Vector256<byte> ends))
        {
            // A number and its space take at least two bytes, so every 16-bit lane has at most one value.
            Vector256<ushort> pairs = (values & ends).AsUInt16();
            Vector256<byte> lanes = (pairs | (pairs >>> 8)).AsByte();
            uint masks = ~Vector256.Equals(ends.AsUInt16(), Vector256<ushort>.Zero).ExtractMostSignificantBits();
            filled += Keep(lanes.GetLower(), masks & 0xFF, ref chosen, ref Unsafe.Add(ref target, filled));
            filled += Keep(lanes.GetUpper(), (masks >> 8) & 0xFF, ref chosen, ref Unsafe.Add(ref target, filled));
            at += Step;
        }

        while (at > next && text[at - 1] != ' ')
            at--;
        next = at;
        count = filled;
    }

    /// <summary>Parses the 32 bytes from <paramref name="at"/> on. For each space after a digit, <paramref name="ends"/> has all bits set
    /// and <paramref name="values"/> has the number. Returns false if a byte is neither digit nor space, or if a number exceeds
    /// 255 or has more than three digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryParse(ref byte source, int at, out Vector256<byte> values, out Vector256<byte> ends)
    {
        ref byte start = ref Unsafe.Add(ref source, at);
        Vector256<byte> here = Vector256.LoadUnsafe(ref start);
        Vector256<byte> back1 = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref start, 1));
        Vector256<byte> back2 = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref start, 2));
        Vector256<byte> back3 = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref start, 3));
        Vector256<byte> back4 = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref start, LookBack));

        var space = Vector256.Create((byte)' ');
        var zero = Vector256.Create((byte)'0');
        var low = Vector256.Create((byte)0x0F);
        Vector256<byte> spaces = Vector256.Equals(here, space);
        Vector256<byte> foreign = Vector256.AndNot(Vector256.GreaterThan(here - zero, Vector256.Create((byte)9)), spaces);
        ends = Vector256.AndNot(spaces, Vector256.Equals(back1, space));

        // The low half of a digit's code is its value; the low half of a space is 0. The hundreds count only if the tens are a digit.
        Vector256<byte> ones = back1 & low;
        Vector256<byte> hundreds = Vector256.AndNot(back3 & low, Vector256.Equals(back2, space));
        Vector256<byte> tens = (back2 & low) + TimesTen(hundreds);
        values = ones + TimesTen(tens);

        Vector256<byte> most = Vector256.Create((byte)25);
        Vector256<byte> tooLarge = Vector256.GreaterThan(tens, most)
            | (Vector256.Equals(tens, most) & Vector256.GreaterThan(ones, Vector256.Create((byte)5)));

        // Digits have this bit and spaces do not. If it is set in all four bytes, they are four digits in a row.
        Vector256<byte> tooLong = back1 & back2 & back3 & back4 & Vector256.Create((byte)0x10);
        return (foreign | (tooLarge & ends) | tooLong) == Vector256<byte>.Zero;
    }

    /// <summary>Ten times each byte, modulo 256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> TimesTen(Vector256<byte> values)
    {
        Vector256<byte> twice = values + values;
        Vector256<byte> fourTimes = twice + twice;
        return twice + fourTimes + fourTimes;
    }

    /// <summary>Writes the low bytes of the lanes in the mask and returns their number. It always writes eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Keep(Vector128<byte> lanes, uint mask, ref ulong chosen, ref byte target)
    {
        Vector128<byte> places = Vector128.CreateScalar(Unsafe.Add(ref chosen, (int)mask)).AsByte();
        Unsafe.WriteUnaligned(ref target, Vector128.ShuffleNative(lanes, places).AsUInt64().ToScalar());
        return (int)uint.PopCount(mask);
    }

    private static bool IsPlain(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            if (character is not ((byte)' ' or (>= (byte)'0' and <= (byte)'9')))
                return false;
        }

        return true;
    }

    private static ulong[] CreateChosen()
    {
        var table = new ulong[256];
        for (int mask = 0; mask < table.Length; mask++)
        {
            int shift = 0;
            for (int lane = 0; lane < 8; lane++)
            {
                if ((mask & (1 << lane)) == 0)
                    continue;
                table[mask] |= (ulong)(2 * lane) << shift;
                shift += 8;
            }
        }

        return table;
    }
}
