namespace KeypointPipeline.Images.Codecs;

/// <summary>The markers of a JPEG file (ISO 10918-1, annex B): whether it ends and whether its scans are complete.</summary>
internal sealed class JpegScans
{
    /// <summary>The marker EOI.</summary>
    public const byte EndOfImage = 0xD9;

    /// <summary>The marker RST0, the first of eight that follow each other.</summary>
    public const byte FirstRestart = 0xD0;

    private const int Restarts = 8;
    private const int Coefficients = 64;
    private const byte StartOfScan = 0xDA;
    private const byte StartOfImage = 0xD8;
    private const byte Temporary = 0x01;
    private const byte NotSent = byte.MaxValue;

    /// <summary>Of each component, by its id: the lowest bit that was sent of each coefficient.</summary>
    private readonly Dictionary<byte, byte[]> _sent = [];
    private bool _isProgressive;

    private JpegScans()
    {
    }

    /// <summary>Whether the file has an end marker.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Number of the restart marker that would follow, 0 to 7.</summary>
    public int NextRestart { get; private set; }

    /// <summary>Whether a scan of every component has begun. In a progressive file, every bit of each coefficient must be in a scan.</summary>
    public bool HasAllScans => _sent.Count > 0 && _sent.Values.All(coefficients => coefficients.All(bit => bit == 0));

    /// <summary>Reads a file's markers, up to its end marker or its last complete segment.</summary>
    public static JpegScans Read(ReadOnlySpan<byte> file)
    {
        var scans = new JpegScans();
        int next = 0;
        while (!scans.HasEnd && NextMarker(file, ref next) is byte marker)
        {
            if (marker == EndOfImage)
            {
                scans.HasEnd = true;
            }
            else if (marker is >= FirstRestart and < FirstRestart + Restarts)
            {
                scans.NextRestart = (marker - FirstRestart + 1) % Restarts;
            }
            else if (marker is not (StartOfImage or Temporary))
            {
                int length = next + 2 > file.Length ? int.MaxValue : (file[next] << 8) | file[next + 1];
                if (length < 2 || length > file.Length - next)
                    break;
                scans.Add(marker, file.Slice(next + 2, length - 2));
                next += length;
            }
        }

        return scans;
    }

    /// <summary>Finds the next marker. In the data of a scan, 0xFF is followed by 0. Before a marker, it may be repeated.</summary>
    private static byte? NextMarker(ReadOnlySpan<byte> file, ref int next)
    {
        while (next < file.Length && file[next..].IndexOf((byte)0xFF) is int found and >= 0)
        {
            next += found;
            while (next < file.Length && file[next] == 0xFF)
                next++;
            if (next < file.Length && file[next++] is byte marker and not 0)
                return marker;
        }

        return null;
    }

    private void Add(byte marker, ReadOnlySpan<byte> segment)
    {
        if (marker == StartOfScan)
            AddScan(segment);
        else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            AddFrame(marker, segment);
    }

    private void AddFrame(byte marker, ReadOnlySpan<byte> segment)
    {
        const int Head = 6;
        const int Component = 3;
        _isProgressive = marker is 0xC2 or 0xC6 or 0xCA or 0xCE;
        for (int at = Head; at + Component <= segment.Length; at += Component)
        {
            byte[] sent = new byte[Coefficients];
            sent.AsSpan().Fill(NotSent);
            _sent[segment[at]] = sent;
        }
    }

    private void AddScan(ReadOnlySpan<byte> segment)
    {
        NextRestart = 0;
        int components = segment.IsEmpty ? 0 : segment[0];
        int parameters = 1 + (2 * components);
        if (parameters + 3 > segment.Length)
            return;
        (int first, int last, int lowestBit) = _isProgressive
            ? (segment[parameters], segment[parameters + 1], segment[parameters + 2] & 15)
            : (0, Coefficients - 1, 0);
        for (int at = 1; at < parameters; at += 2)
        {
            if (first <= last && last < Coefficients && _sent.TryGetValue(segment[at], out byte[]? sent))
                sent.AsSpan(first..(last + 1)).Fill((byte)lowestBit);
        }
    }
}
