using KeypointPipeline.Fuzz.Tests.Datasets;
using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Images;

/// <summary>Creates damaged images and zips of them.</summary>
internal static class ImageInputs
{
    /// <summary>The name of a zip. Every other name is an image.</summary>
    public const string ZipName = "batch.zip";

    private static readonly Kind[] Kinds =
    [
        new("photo.jpg", ImageSeeds.Jpegs, JpegMutations.All),
        new("drawing.png", ImageSeeds.Pngs, PngMutations.All),
        new("picture.webp", ImageSeeds.WebPs, WebPMutations.All),
        new("scan.bmp", ImageSeeds.Bmps, BmpMutations.All),
        new("face.pgm", ImageSeeds.Netpbms, NetpbmMutations.All),
        new("other", ImageSeeds.Foreign, ByteMutations.All),
    ];

    /// <summary>All damage, each with its format.</summary>
    public static IEnumerable<(string Format, Mutation Way)> Ways => Kinds
        .SelectMany(kind => kind.Ways.Select(way => (kind.Name, way)))
        .Concat(DatasetInputs.ZipWays.Select(way => (ZipName, way)));

    /// <summary>Creates a file that is damaged in one to five ways. One in twelve is a zip, one in forty a file of a foreign format.</summary>
    public static FuzzInput Create(Random random)
    {
        var recipe = new List<string>();
        if (random.Next(12) == 0)
            return new FuzzInput(ZipName, Draw.Damage(Zip(random), DatasetInputs.ZipWays, random.Next(1, 4), random, recipe), string.Join(", ", recipe));
        Kind kind = random.Next(40) == 0 ? Kinds[^1] : Kinds[random.Next(Kinds.Length - 1)];
        byte[] file = Draw.Damage(random.OneOf(kind.Seeds), kind.Ways, random.Next(1, 6), random, recipe);
        return new FuzzInput(kind.Name, file, string.Join(", ", recipe));
    }

    /// <summary>Creates a file with one kind of damage.</summary>
    public static FuzzInput Create(string format, Mutation way, Random random)
    {
        byte[] file = format == ZipName ? Zip(random) : random.OneOf(Kinds.Single(kind => kind.Name == format).Seeds);
        return new FuzzInput(format, way.Apply(file, random), way.Name);
    }

    private static byte[] Zip(Random random) => PackedSeeds.Zip(
        [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => ($"{i}.{Kinds[i].Name}", random.OneOf(Kinds[i].Seeds)))], random);

    private sealed record Kind(string Name, IReadOnlyList<byte[]> Seeds, IReadOnlyList<Mutation> Ways);
}
