using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Damage to Windows bitmaps.</summary>
internal static class BmpMutations
{
    private static readonly (string Name, int At, int Width)[] Fields =
    [
        ("file length", 2, 4), ("place of the pixels", 10, 4), ("header length", 14, 4), ("width", 18, 4), ("height", 22, 4), ("planes", 26, 2), ("bits", 28, 2),
        ("compression", 30, 4), ("length of the pixels", 34, 4), ("palette", 46, 4), ("masks", 54, 4),
    ];

    private static readonly uint[] HeaderLengths = [12, 16, 40, 52, 56, 64, 108, 124];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. ByteMutations.All,
        .. Fields.Select(field => new Mutation($"BMP: {field.Name}", (file, random) => ByteEdits.WriteLittle(file, Math.Min(field.At, file.Length), ByteEdits.AwkwardNumber(random), field.Width))),
        new("BMP: another header", (file, random) => ByteEdits.WriteLittle(file, Math.Min(14, file.Length), random.OneOf(HeaderLengths), 4)),
        new("BMP: bits that there are", (file, random) => ByteEdits.WriteLittle(file, Math.Min(28, file.Length), random.OneOf<uint>([0, 1, 2, 4, 8, 16, 24, 32]), 2)),
        new("BMP: compression that there is", (file, random) => ByteEdits.WriteLittle(file, Math.Min(30, file.Length), (uint)random.Next(7), 4)),
        new("BMP: upside down", (file, random) => ByteEdits.WriteLittle(file, Math.Min(22, file.Length), unchecked((uint)-random.Next(1, 70_000)), 4)),
        new("BMP: small other size", (file, random) => ByteEdits.WriteLittle(file, Math.Min(18 + (4 * random.Next(2)), file.Length), (uint)random.Next(300), 4)),
        new("BMP: runs anywhere", (file, random) => [.. file[..Math.Min(file.Length, 54)], .. ByteEdits.Noise(random, random.Next(300))]),
    ];
}
