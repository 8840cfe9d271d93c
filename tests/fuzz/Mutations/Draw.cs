namespace KeypointPipeline.Fuzz.Tests.Mutations;

/// <summary>The chances of one input, from its number.</summary>
internal static class Draw
{
    /// <summary>The most bytes of an input: what is beyond is cut off.</summary>
    public const int LargestFile = 1 << 20;

    /// <summary>Random numbers of an input's own: the same seed and number give the same ones.</summary>
    public static Random For(int seed, long number)
    {
        // SplitMix64's finaliser: neighbours must not be alike.
        ulong z = (ulong)number + ((ulong)(uint)seed << 32) + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return new Random((int)(z ^ (z >> 31)));
    }

    /// <summary>Damages a file in some of many ways, one on top of the other.</summary>
    /// <param name="file">The file.</param>
    /// <param name="ways">The ways.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="recipe">Receives what was done.</param>
    public static byte[] Damage(byte[] file, IReadOnlyList<Mutation> ways, int count, Random random, List<string> recipe)
    {
        for (; count > 0; count--)
        {
            Mutation way = random.OneOf(ways);
            recipe.Add(way.Name);
            file = Cut(way.Apply(file, random));
        }

        return file;
    }

    private static byte[] Cut(byte[] file) => file.Length > LargestFile ? file[..LargestFile] : file;
}
