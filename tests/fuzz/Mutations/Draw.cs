namespace KeypointPipeline.Fuzz.Tests.Mutations;

/// <summary>Derives the random choices of an input from its number.</summary>
internal static class Draw
{
    /// <summary>The most bytes of an input. The rest is cut off.</summary>
    public const int LargestFile = 1 << 20;

    /// <summary>Creates the random numbers of an input. The same seed and number give the same ones.</summary>
    public static Random For(int seed, long number)
    {
        // SplitMix64's finalizer, so that neighbouring numbers give different inputs.
        ulong z = (ulong)number + ((ulong)(uint)seed << 32) + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return new Random((int)(z ^ (z >> 31)));
    }

    /// <summary>Damages a file several times.</summary>
    /// <param name="file">The file.</param>
    /// <param name="ways">The ways to choose from.</param>
    /// <param name="count">How often to damage it.</param>
    /// <param name="random">Chooses the ways.</param>
    /// <param name="recipe">Receives the names of the ways.</param>
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
