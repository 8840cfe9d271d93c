using KeypointPipeline.Fuzz.Tests.Mutations;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Creates damaged labelled files: damages first the text, then the packed file.</summary>
internal static class DatasetInputs
{
    private static readonly string[] OddNames = ["", ".csv", "..", "a.tsv", "a.csv.gz.zip", "x/../y.csv", "naïve \n.csv", "a.gz"];

    /// <summary>All damage to the text.</summary>
    public static IReadOnlyList<Mutation> TextWays { get; } = [.. CsvMutations.All, .. HeaderMutations.All, .. ByteMutations.All];

    /// <summary>All damage to gzip data.</summary>
    public static IReadOnlyList<Mutation> GzipWays { get; } = [.. GzipMutations.All, .. ByteMutations.All];

    /// <summary>All damage to zips.</summary>
    public static IReadOnlyList<Mutation> ZipWays { get; } = [.. ZipMutations.All, .. ByteMutations.All];

    /// <summary>Creates a file that is damaged in one to six ways.</summary>
    public static FuzzInput Create(Random random)
    {
        var recipe = new List<string>();
        byte[] text = DrawSeed(random);
        int format = random.Next(10);
        bool isPlain = format < 4;
        int textWays = isPlain ? random.Next(1, 4) : random.Next(3);
        text = Draw.Damage(text, TextWays, textWays, random, recipe);
        (string name, byte[] file) = isPlain
            ? ("training.csv", text)
            : Pack(text, isGzip: format < 7, ways: textWays == 0 ? random.Next(1, 4) : random.Next(4), random, recipe);
        if (random.Next(64) == 0)
            name = random.OneOf(OddNames);
        return new FuzzInput(name, file, string.Join(", ", recipe));
    }

    /// <summary>Creates a file with one kind of damage.</summary>
    public static FuzzInput Create(Mutation way, Random random)
    {
        byte[] text = DrawSeed(random);
        (string name, byte[] file) =
            GzipMutations.All.Contains(way) ? ("training.csv.gz", PackedSeeds.Gzip(text, random))
            : ZipMutations.All.Contains(way) ? ("training.zip", PackedSeeds.Zip(text, random))
            : ("training.csv", text);
        return new FuzzInput(name, way.Apply(file, random), way.Name);
    }

    private static byte[] DrawSeed(Random random) => random.Next(3) == 0 ? SpelledSeeds.Draw(random) : CsvSeeds.Draw(random);

    private static (string Name, byte[] File) Pack(byte[] text, bool isGzip, int ways, Random random, List<string> recipe) => isGzip
        ? ("training.csv.gz", Draw.Damage(PackedSeeds.Gzip(text, random), GzipWays, ways, random, recipe))
        : ("training.zip", Draw.Damage(PackedSeeds.Zip(text, random), ZipWays, ways, random, recipe));
}
