using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Damage to gzip data (RFC 1952): header, trailer, and bytes between and behind members.</summary>
internal static class GzipMutations
{
    private const int HeaderBytes = 10;
    private const int TrailerBytes = 8;
    private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("gzip: another method", (file, random) => ByteEdits.WriteLittle(file, Math.Min(2, file.Length), (uint)random.Next(256), 1)),
        new("gzip: flags", (file, random) => ByteEdits.WriteLittle(file, Math.Min(3, file.Length), (uint)random.Next(256), 1)),
        new("gzip: extra field", (file, random) => WithField(file, 4, [(byte)random.Next(40), (byte)(random.Next(4) == 0 ? 255 : 0), .. ByteEdits.Noise(random, random.Next(40))])),
        new("gzip: file name", (file, random) => WithField(file, 8, [.. "training.csv"u8, .. random.Next(3) == 0 ? [] : (byte[])[0]])),
        new("gzip: comment", (file, random) => WithField(file, 16, [.. ByteEdits.Noise(random, random.Next(40)), 0])),
        new("gzip: header checksum", (file, random) => WithField(file, 2, ByteEdits.Noise(random, random.Next(4)))),
        new("gzip: checksum", (file, random) => InTrailer(file, 0, random)),
        new("gzip: size", (file, random) => InTrailer(file, 4, random)),
        new("gzip: no trailer", (file, _) => file[..Math.Max(0, file.Length - TrailerBytes)]),
        new("gzip: empty members", (file, random) => [.. file, .. ByteEdits.Repeat(EmptyMember, random.Next(200))]),
        new("gzip: empty members before", (file, random) => [.. ByteEdits.Repeat(EmptyMember, random.Next(1, 20)), .. file]),
        new("gzip: member twice", (file, _) => [.. file, .. file]),
        new("gzip: member without an end", (file, random) => [.. file, .. file[..random.Next(file.Length + 1)]]),
        new("gzip: zeros behind", (file, random) => [.. file, .. new byte[random.Next(600)]]),
        new("gzip: in gzip", PackedSeeds.Gzip),
        new("gzip: stored block with a wrong length", (file, random) => ByteEdits.Insert(file, Math.Min(HeaderBytes, file.Length), [0, 5, 0, .. ByteEdits.Noise(random, 2), 1, 2, 3, 4, 5])),
        new("gzip: many empty blocks", (file, random) => ByteEdits.Insert(file, Math.Min(HeaderBytes, file.Length), ByteEdits.Repeat([0, 0, 0, 0xFF, 0xFF], random.Next(2_000)))),
        new("gzip: block of an unknown kind", (file, _) => ByteEdits.WriteLittle(file, Math.Min(HeaderBytes, file.Length), 7, 1)),
    ];

    private static byte[] WithField(byte[] file, byte flag, byte[] field) => file.Length < HeaderBytes
        ? file
        : ByteEdits.Insert(ByteEdits.WriteLittle(file, 3, (uint)(file[3] | flag), 1), HeaderBytes, field);

    private static byte[] InTrailer(byte[] file, int at, Random random) =>
        ByteEdits.WriteLittle(file, Math.Max(0, file.Length - TrailerBytes + at), ByteEdits.AwkwardNumber(random), sizeof(uint));
}
