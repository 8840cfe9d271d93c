namespace KeypointPipeline.Local.Demo.DrawnFaces;

/// <summary>Generates random numbers that depend only on the seed, not on the machine or the .NET version.
/// <see cref="Random"/> does not promise this.</summary>
/// <remarks>SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal sealed class FaceRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Creates the generator for a numbered thing of a kind. It is independent of the seed's generators for other numbers and
    /// kinds.</summary>
    public static FaceRandom For(ulong seed, string kind, int number)
    {
        var mixed = new FaceRandom(seed);
        foreach (char letter in kind)
            mixed._state ^= mixed.NextBits() + letter;
        mixed._state ^= mixed.NextBits() + (ulong)(uint)number;
        return new FaceRandom(mixed.NextBits());
    }

    /// <summary>Gets 64 random bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Gets a number, uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float Between(float low, float high) => low + (high - low) * ((NextBits() >> 40) * (1f / (1 << 24)));

    /// <summary>Gets a number around <paramref name="mean"/>, bell-shaped and never more than <c>√12·spread</c> ≈ 3.5 spreads away.</summary>
    /// <param name="mean">The centre.</param>
    /// <param name="spread">The standard deviation.</param>
    public float Around(float mean, float spread)
    {
        // The sum of four uniforms has variance 4/12 and is bounded. It needs no logarithm, which could differ between machines.
        float sum = Between(0, 1) + Between(0, 1) + Between(0, 1) + Between(0, 1) - 2;
        return mean + sum * spread * 1.7320508f;
    }

    /// <summary>Returns true in this share of the calls.</summary>
    public bool Chance(float share) => Between(0, 1) < share;

    /// <summary>Gets a whole number in [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public int Whole(int low, int high) => low + (int)(NextBits() % (ulong)(high - low + 1));

    /// <summary>Gets one of the choices.</summary>
    public T Pick<T>(ReadOnlySpan<T> choices) => choices[Whole(0, choices.Length - 1)];
}
