namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Random numbers that are the same for the same seed on every machine and every .NET version
/// (which <see cref="Random"/> does not promise).</summary>
/// <remarks>SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal sealed class FaceRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The generator for one numbered thing of a named kind, independent of the others made from the same
    /// seed.</summary>
    public static FaceRandom For(ulong seed, string kind, int number)
    {
        var mixed = new FaceRandom(seed);
        foreach (char letter in kind)
            mixed._state ^= mixed.NextBits() + letter;
        mixed._state ^= mixed.NextBits() + (ulong)(uint)number;
        return new FaceRandom(mixed.NextBits());
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float Between(float low, float high) => low + (high - low) * ((NextBits() >> 40) * (1f / (1 << 24)));

    /// <summary>Around <paramref name="mean"/>, bell-shaped, never more than <c>√12·spread</c> ≈ 3.5 spreads away.</summary>
    /// <param name="mean">The centre.</param>
    /// <param name="spread">The standard deviation.</param>
    public float Around(float mean, float spread)
    {
        // Sum of four uniforms: variance 4/12, bounded, no logarithm that could differ between machines.
        float sum = Between(0, 1) + Between(0, 1) + Between(0, 1) + Between(0, 1) - 2;
        return mean + sum * spread * 1.7320508f;
    }

    /// <summary>True in this share of the calls.</summary>
    public bool Chance(float share) => Between(0, 1) < share;

    /// <summary>A whole number in [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public int Whole(int low, int high) => low + (int)(NextBits() % (ulong)(high - low + 1));

    /// <summary>One of the choices.</summary>
    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Whole(0, choices.Length - 1)];
}
