namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Finds and writes the parts of JPEG files (ISO 10918).</summary>
internal static class JpegParts
{
    private const byte StartOfScan = 0xDA;

    /// <summary>A progressive file in grey or colour, all of one grey: one scan of the means, then scans of empty details.</summary>
    public static byte[] Progressive(int width, int height, int components, int scans)
    {
        byte[] all = [.. Enumerable.Range(1, components).Select(c => (byte)c)];
        int blocks = (width + 7) / 8 * ((height + 7) / 8) * components;
        return
        [
            0xFF, 0xD8,
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)8, 64)]),
            .. Segment(0xC2, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components, .. all.SelectMany(c => (byte[])[c, 0x11, 0])]),
            .. Segment(0xC4, [0x00, 1, .. new byte[15], 0]),
            .. Segment(0xC4, [0x10, 1, .. new byte[15], 0xE0]),
            .. Segment(StartOfScan, [(byte)components, .. all.SelectMany(c => (byte[])[c, 0]), 0, 0, 0]),
            .. new byte[(blocks / 8) + 1],
            .. Enumerable.Range(0, scans).SelectMany(scan => DetailScan((byte)(1 + (scan % components)))),
            0xFF, 0xD9,
        ];
    }

    /// <summary>A progressive scan of empty details.</summary>
    public static byte[] DetailScan(byte component) => [.. Segment(StartOfScan, [1, component, 0, 1, 63, 0]), 0, 0];

    /// <summary>EXIF data with only the orientation.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2],
        .. Segment(0xE1, [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
        .. jpeg[2..],
    ];

    /// <summary>A segment with its length.</summary>
    public static byte[] Segment(byte marker, ReadOnlySpan<byte> data) =>
        [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    /// <summary>Finds the segments that have a length, up to the header of the first scan.</summary>
    public static List<Range> Segments(byte[] file)
    {
        var segments = new List<Range>();
        int next = 2;
        while (next + 4 <= file.Length && file[next] == 0xFF)
        {
            int end = next + 2 + (file[next + 2] << 8) + file[next + 3];
            if (end > file.Length)
                break;
            segments.Add(next..end);
            if (file[next + 1] == StartOfScan)
                break;
            next = end;
        }

        return segments;
    }
}
