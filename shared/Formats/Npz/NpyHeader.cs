using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using KeypointPipeline.Files;

namespace KeypointPipeline.Formats.Npz;

/// <summary>The header of a NumPy array file, <c>.npy</c>: versions 1.0, 2.0 and 3.0, as numpy.org/neps/nep-0001-npy-format.html
/// documents them.</summary>
/// <remarks>NumSharp 0.70 reads these files too, but only as a whole: transposed frames would need a second copy of all pixels. Three
/// values of one line of text are then what is left to read here.</remarks>
/// <param name="Type">Type of the elements as NumPy writes it, for example <c>|u1</c> for uint8; <c>a record</c> for a list of fields.</param>
/// <param name="FortranOrder">Whether the first axis changes fastest in the file; otherwise the last does.</param>
/// <param name="Shape">Length of each axis.</param>
internal sealed partial record NpyHeader(string Type, bool FortranOrder, IReadOnlyList<int> Shape)
{
    private const int MagicBytes = 8;

    /// <summary>The largest header in bytes. NumPy's own reader refuses more than 10,000.</summary>
    private const int LargestBytes = 64 * 1024;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The shape in words, for example <c>96×96×7049</c>.</summary>
    public string ShownShape => Shape.Count == 0 ? "a single number" : string.Join('×', Shape);

    /// <summary>Reads the header. The stream then stands at the first element.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="stream">The file, at its start.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RejectedFileException">It is not such a file. The message says why.</exception>
    public static async Task<NpyHeader> ReadAsync(string file, Stream stream, CancellationToken cancellationToken)
    {
        byte[] magic = new byte[MagicBytes];
        int read = await stream.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < magic.Length || !magic.AsSpan().StartsWith(Magic))
            throw new RejectedFileException($"{file} is not a NumPy array{FileMagic.Guess(magic.AsSpan(0, read))}.");
        int version = magic[6];
        if (version is < 1 or > 3)
            throw new RejectedFileException($"{file} is a NumPy array of version {version}.{magic[7]}; 1.0, 2.0 and 3.0 are read. Save it with numpy.save.");

        byte[] length = new byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        await FillAsync(file, stream, length, cancellationToken);
        uint bytes = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (bytes > LargestBytes)
            throw new RejectedFileException($"{file} has a header of {bytes:N0} bytes; at most {LargestBytes:N0} are read.");
        byte[] header = new byte[bytes];
        await FillAsync(file, stream, header, cancellationToken);
        return Parse(file, (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(header));
    }

    /// <summary>Parses the header's text, a Python dictionary of three values in any order.</summary>
    private static NpyHeader Parse(string file, string text)
    {
        Match type = TypePattern().Match(text);
        Match order = OrderPattern().Match(text);
        Match shape = ShapePattern().Match(text);
        if (!type.Success || !order.Success || !shape.Success)
            throw new RejectedFileException($"{file} has an unreadable header: {ShownText.Of(text.Trim())}. Save it with numpy.save.");
        var lengths = new List<int>();
        foreach (string part in shape.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Python 2 wrote long integers as 24L.
            lengths.Add(int.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new RejectedFileException($"{file} has a shape that is not read: ({ShownText.Of(shape.Groups["shape"].Value)})."));
        }

        return new NpyHeader(type.Groups["type"].Success ? type.Groups["type"].Value : "a record", order.Groups["order"].Value == "True", lengths);
    }

    private static async Task FillAsync(string file, Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        if (await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) < buffer.Length)
            throw new RejectedFileException($"{file} is cut short: it ends within its header. Copy it again.");
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*(?:['"](?<type>[^'"]*)['"]|\[)""", RegexOptions.NonBacktracking)]
    private static partial Regex TypePattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(?<order>True|False)""", RegexOptions.NonBacktracking)]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\((?<shape>[^()]*)\)""", RegexOptions.NonBacktracking)]
    private static partial Regex ShapePattern();
}
