using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Damage to WebP files.</summary>
internal static class WebPMutations
{
    private static readonly byte[][] Types =
        [.. new[] { "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP", "XMP ", "abcd" }.Select(type => type.Select(c => (byte)c).ToArray())];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. PartMutations.Of("WebP chunk", WebPParts.Chunks).Select(Mended),
        .. ByteMutations.All,
        new("WebP: file length", (file, random) => ByteEdits.WriteLittle(file, Math.Min(4, file.Length), ByteEdits.AwkwardNumber(random), 4)),
        new("WebP: chunk length", (file, random) => InChunk(file, random, 4, ByteEdits.AwkwardNumber(random), 4)),
        new("WebP: chunk of another type", (file, random) => WebPParts.Chunks(file) is { Count: > 0 } chunks ? ByteEdits.Overwrite(file, random.OneOf(chunks).Start.Value, random.OneOf(Types)) : file),
        new("WebP: features", (file, random) => InChunk(file, random, 8, (uint)random.Next(256), 1)),
        new("WebP: canvas size", (file, random) => InChunk(file, random, 12 + (3 * random.Next(2)), ByteEdits.AwkwardNumber(random), 3)),
        new("WebP: lossy size", (file, random) => InChunk(file, random, 14 + (2 * random.Next(2)), ByteEdits.AwkwardNumber(random), 2)),
        new("WebP: lossless size", (file, random) => InChunk(file, random, 9, ByteEdits.AwkwardNumber(random), 4)),
        new("WebP: chunk of noise", (file, random) => Mend([.. file, .. WebPParts.Chunk(random.OneOf(Types), ByteEdits.Noise(random, random.Next(60)))])),
        new("WebP: moves", (file, random) => file.Length < 20 ? file : WebPParts.Animated(file, random.Next(1, 40), random.Next(1, 40), random.Next(200))),
        new("WebP: with metadata", (file, random) => file.Length < 20 ? file : WebPParts.Extended(file, random.Next(1, 20_000), random.Next(1, 20_000))),
    ];

    private static Mutation Mended(Mutation way) => new(
        way.Name, (file, random) => random.Next(2) == 0 ? Mend(way.Apply(file, random)) : way.Apply(file, random));

    /// <summary>Corrects the file's length.</summary>
    private static byte[] Mend(byte[] file) => file.Length < 12 ? file : WebPParts.File(file[12..]);

    private static byte[] InChunk(byte[] file, Random random, int at, uint value, int width) =>
        WebPParts.Chunks(file) is { Count: > 0 } chunks && random.OneOf(chunks).Start.Value + at is var place && place <= file.Length
            ? ByteEdits.WriteLittle(file, place, value, width)
            : file;
}
