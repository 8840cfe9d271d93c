using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Damage to PNG files. Half of it gets correct checksums.</summary>
internal static class PngMutations
{
    private const int HeaderAt = 16;
    private const int LargestInflated = 4 << 20;

    private static readonly byte[][] Types =
        [.. new[] { "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sBIT", "bKGD", "hIST", "iCCP", "sRGB", "cICP", "eXIf", "pHYs", "tEXt", "zTXt", "iTXt", "acTL", "fcTL", "fdAT", "abCd", "gmAP" }.Select(type => type.Select(c => (byte)c).ToArray())];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. PartMutations.Of("PNG chunk", PngParts.Chunks).Select(Mended),
        .. ByteMutations.All.Select(way => new Mutation($"PNG: {way.Name}", way.Apply)).Select(Mended),
        new("PNG: size", (file, random) => Mend(ByteEdits.WriteBig(file, Math.Min(file.Length, HeaderAt + (4 * random.Next(2))), ByteEdits.AwkwardNumber(random), 4))),
        new("PNG: depth, colours, compression, filter or interlacing", (file, random) => Mend(ByteEdits.WriteBig(file, Math.Min(file.Length, HeaderAt + 8 + random.Next(5)), (uint)random.OneOf<int>([0, 1, 2, 3, 4, 6, 8, 16, 255]), 1))),
        new("PNG: chunk length", (file, random) => PngParts.Chunks(file) is { Count: > 0 } chunks ? ByteEdits.WriteBig(file, random.OneOf(chunks).Start.Value, ByteEdits.AwkwardNumber(random), 4) : file),
        new("PNG: chunk of another type", (file, random) => PngParts.Chunks(file) is { Count: > 0 } chunks ? Mend(ByteEdits.Overwrite(file, random.OneOf(chunks).Start.Value + 4, random.OneOf(Types))) : file),
        new("PNG: chunk of noise", (file, random) => Insert(file, random, PngParts.Chunk(random.OneOf(Types), ByteEdits.Noise(random, random.Next(60))))),
        new("PNG: text that unpacks to much", (file, random) => Insert(file, random, PngParts.Chunk("zTXt"u8, [(byte)'a', 0, 0, .. PngParts.Deflate(new byte[random.Next(LargestInflated)])]))),
        new("PNG: profile that unpacks to much", (file, random) => Insert(file, random, PngParts.Chunk("iCCP"u8, [(byte)'a', 0, 0, .. PngParts.Deflate(new byte[random.Next(LargestInflated)])]))),
        new("PNG: long text", (file, random) => Insert(file, random, PngParts.Chunk("tEXt"u8, new byte[random.Next(1 << 18)]))),
        new("PNG: EXIF", (file, random) => Insert(file, random, PngParts.Chunk("eXIf"u8, [.. random.Next(2) == 0 ? "MM\0*\0\0\0\b"u8 : "II*\0\b\0\0\0"u8, .. ByteEdits.Noise(random, random.Next(40))]))),
        new("PNG: EXIF as text", (file, random) => Insert(file, random, PngParts.Chunk(random.Next(2) == 0 ? "tEXt"u8 : "zTXt"u8, [.. "Raw profile type exif\0"u8, .. random.Next(2) == 0 ? PngParts.Deflate(new byte[random.Next(LargestInflated)]) : [.. "\nexif\n 12\n45786966"u8, .. ByteEdits.Noise(random, random.Next(40))]]))),
        new("PNG: other pixel data", (file, random) => Insert(file, random, PngParts.Chunk("IDAT"u8, PngParts.Deflate(ByteEdits.Noise(random, random.Next(2_000)))))),
    ];

    private static Mutation Mended(Mutation way) => new(
        way.Name, (file, random) => random.Next(2) == 0 ? Mend(way.Apply(file, random)) : way.Apply(file, random));

    private static byte[] Mend(byte[] file) => PngParts.WithChecksums(file);

    private static byte[] Insert(byte[] file, Random random, byte[] chunk) =>
        PngParts.Chunks(file) is { Count: > 0 } chunks ? ByteEdits.Insert(file, random.OneOf(chunks).End.Value, chunk) : file;
}
