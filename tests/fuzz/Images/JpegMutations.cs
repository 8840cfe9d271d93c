using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Damage to JPEG files.</summary>
internal static class JpegMutations
{
    private const int MostScans = 300;
    private static readonly byte[] FrameMarkers = [0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. PartMutations.Of("JPEG segment", JpegParts.Segments),
        .. ByteMutations.All,
        new("JPEG: size", (file, random) => InFrame(file, 5 + (2 * random.Next(2)), ByteEdits.AwkwardNumber(random), 2)),
        new("JPEG: precision or components", (file, random) => InFrame(file, random.OneOf<int>([4, 9]), (uint)random.Next(256), 1)),
        new("JPEG: sampling", (file, random) => InFrame(file, 11 + (3 * random.Next(3)), random.OneOf<uint>([0, 0x11, 0x12, 0x21, 0x22, 0x14, 0x41, 0x44, 0x33, 0x13, 0xFF]), 1)),
        new("JPEG: another process", (file, random) => InFrame(file, 1, random.OneOf(FrameMarkers), 1)),
        new("JPEG: segment length", (file, random) => JpegParts.Segments(file) is { Count: > 0 } segments ? ByteEdits.WriteBig(file, random.OneOf(segments).Start.Value + 2, ByteEdits.AwkwardNumber(random), 2) : file),
        new("JPEG: another marker", (file, random) => JpegParts.Segments(file) is { Count: > 0 } segments ? ByteEdits.WriteBig(file, random.OneOf(segments).Start.Value + 1, (uint)random.Next(0xC0, 0x100), 1) : file),
        new("JPEG: marker in the pixels", (file, random) => ByteEdits.Insert(file, random.Next(file.Length / 2, file.Length + 1), [0xFF, (byte)random.Next(0xC0, 0x100)])),
        new("JPEG: restart interval", (file, random) => AtStart(file, JpegParts.Segment(0xDD, [(byte)random.Next(2), (byte)random.Next(256)]))),
        new("JPEG: orientation", (file, random) => file.Length < 2 ? file : JpegParts.WithOrientation(file, (byte)random.Next(20))),
        new("JPEG: EXIF", (file, random) => AtStart(file, JpegParts.Segment(0xE1, [.. "Exif\0\0"u8, .. random.Next(2) == 0 ? "MM\0*\0\0\0\b"u8 : "II*\0\b\0\0\0"u8, .. ByteEdits.Noise(random, random.Next(60))]))),
        new("JPEG: colour profile", (file, random) => AtStart(file, JpegParts.Segment(0xE2, [.. "ICC_PROFILE\0"u8, (byte)random.Next(4), (byte)random.Next(4), .. ByteEdits.Noise(random, random.Next(200))]))),
        new("JPEG: Adobe's colours", (file, random) => AtStart(file, JpegParts.Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)random.Next(4)]))),
        new("JPEG: several pictures", (file, random) => AtStart(file, JpegParts.Segment(0xE2, [.. "MPF\0MM\0*\0\0\0\b"u8, .. ByteEdits.Noise(random, random.Next(60))]))),
        new("JPEG: end marker cut off", (file, random) => [.. file[..Math.Max(0, file.Length - random.Next(1, 4))], .. new byte[random.Next(2) * random.Next(20)]]),
        new("JPEG: many scans", (file, random) => [.. file[..Math.Max(0, file.Length - 2)], .. Enumerable.Range(0, random.Next(MostScans)).SelectMany(_ => JpegParts.DetailScan(1)), 0xFF, 0xD9]),
        new("JPEG: another picture inside", (file, random) => ByteEdits.Insert(file, random.Next(file.Length + 1), random.OneOf(ImageSeeds.Jpegs))),
    ];

    private static byte[] AtStart(byte[] file, byte[] segment) => ByteEdits.Insert(file, Math.Min(2, file.Length), segment);

    private static byte[] InFrame(byte[] file, int at, uint value, int width)
    {
        foreach (Range segment in JpegParts.Segments(file))
        {
            if (FrameMarkers.Contains(file[segment.Start.Value + 1]))
                return segment.Start.Value + at > file.Length ? file : ByteEdits.WriteBig(file, segment.Start.Value + at, value, width);
        }

        return file;
    }
}
