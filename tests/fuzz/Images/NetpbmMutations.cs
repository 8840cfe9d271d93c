using System.Globalization;
using System.Text;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Damage to PGM and PPM files.</summary>
internal static class NetpbmMutations
{
    private static readonly string[] Blanks = [" ", "\n", "\r\n", "\t", "", "#", "# comment\n", "#\r", "\v\f", "\0", "\u00a0"];
    private static readonly string[] Numbers = ["0", "1", "255", "256", "65535", "65536", "4294967296", "18446744073709551616", "-1", "+1", "1e3", "0x10", "1.5", "007", ""];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        .. PartMutations.Of("PNM word", NetpbmParts.Words),
        .. ByteMutations.All,
        new("PNM: another form", (file, random) => ByteEdits.Overwrite(file, Math.Min(1, file.Length), [(byte)('0' + random.Next(10))])),
        new("PNM: a number", (file, random) => Word(file, random, random.OneOf(Numbers))),
        new("PNM: an awkward number", (file, random) => Word(file, random, ByteEdits.AwkwardNumber(random).ToString(CultureInfo.InvariantCulture))),
        new("PNM: blanks or comments", (file, random) => NetpbmParts.Words(file) is { Count: > 0 } words
            ? ByteEdits.Insert(file, random.OneOf(words).End.Value, Encoding.Latin1.GetBytes(random.OneOf(Blanks)))
            : file),
        new("PNM: another image behind", (file, random) => [.. file, .. random.OneOf(ImageSeeds.Netpbms)]),
        new("PNM: samples of noise", (file, random) => [.. file[..Math.Min(file.Length, 20)], .. ByteEdits.Noise(random, random.Next(2_000))]),
    ];

    private static byte[] Word(byte[] file, Random random, string by) => NetpbmParts.Words(file) is { Count: > 0 } words
        ? ByteEdits.Replace(file, random.OneOf(words.Take(4).ToArray()), Encoding.ASCII.GetBytes(by))
        : file;
}
