using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace KeypointPipeline.Images.Codecs;

/// <summary>The header of a PGM or PPM file: <c>P2</c>, <c>P3</c>, <c>P5</c> or <c>P6</c>, then width, height and the largest sample,
/// between white space and comments.</summary>
/// <remarks>Source: netpbm's pages on PGM and PPM, https://netpbm.sourceforge.net/doc/pgm.html.</remarks>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
/// <param name="LargestSample">The sample that stands for white, 1 to 65,535.</param>
/// <param name="IsText">Whether samples are decimal numbers (P2, P3) instead of bytes (P5, P6).</param>
/// <param name="Samples">Samples per pixel: 1 for grey, 3 for colour.</param>
/// <param name="Length">Bytes of the header, up to the last digit of the largest sample.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NetpbmHeader(int Width, int Height, int LargestSample, bool IsText, int Samples, int Length)
{
    private const int LargestNumber = 65_535;

    /// <summary>Bytes per sample in P5 and P6.</summary>
    public int SampleBytes => LargestSample > byte.MaxValue ? 2 : 1;

    /// <summary>Number of samples of the image.</summary>
    public long AllSamples => (long)Width * Height * Samples;

    /// <summary>Reads the header.</summary>
    /// <param name="file">A file that starts with one of the four magic numbers.</param>
    /// <param name="longestSide">The maximum of width and height.</param>
    /// <exception cref="InvalidDataException">A number is missing or out of range. The message says which.</exception>
    public static NetpbmHeader Read(ReadOnlySpan<byte> file, int longestSide)
    {
        int at = 2;
        int width = Number(file, ref at, "width", longestSide);
        int height = Number(file, ref at, "height", longestSide);
        int largest = Number(file, ref at, "maximum sample", LargestNumber);
        return new NetpbmHeader(width, height, largest, file[1] is (byte)'2' or (byte)'3', file[1] is (byte)'2' or (byte)'5' ? 1 : 3, at);
    }

    /// <summary>Moves past white space and comments. A comment starts with <c>#</c> and takes the rest of its line.</summary>
    public static void SkipBlanks(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length && (IsBlank(file[at]) || file[at] == '#'))
        {
            if (file[at] == '#')
                at = EndOfLine(file, at);
            else
                at++;
        }
    }

    /// <summary>Whether a byte is white space: blank, tab, line feed, vertical tab, form feed or carriage return.</summary>
    public static bool IsBlank(byte value) => value is (byte)' ' or >= 9 and <= 13;

    /// <summary>Returns the position of the line feed or carriage return that ends a line, or the end of the file.</summary>
    public static int EndOfLine(ReadOnlySpan<byte> file, int at)
    {
        int found = file[at..].IndexOfAny((byte)'\n', (byte)'\r');
        return found < 0 ? file.Length : at + found;
    }

    private static int Number(ReadOnlySpan<byte> file, ref int at, string what, int largest)
    {
        SkipBlanks(file, ref at);
        if (!Utf8Parser.TryParse(file[at..], out ulong value, out int length))
            throw new InvalidDataException($"its header has no {what}, or an impossible one");
        if (value < 1 || value > (ulong)largest)
            throw new InvalidDataException($"its header states the {what} {value}; 1 to {largest:N0} are allowed");
        at += length;
        return (int)value;
    }
}
