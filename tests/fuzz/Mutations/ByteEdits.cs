using System.Buffers.Binary;

namespace KeypointPipeline.Fuzz.Tests.Mutations;

/// <summary>The edits that mutations consist of. Each returns a new array.</summary>
internal static class ByteEdits
{
    /// <summary>Numbers that make readers miscount, overflow or allocate much.</summary>
    private static readonly uint[] Awkward =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 1_000, 4_095, 4_096, 16_383, 16_384, 32_767, 32_768, 65_534,
        65_535, 65_536, 100_000, 1_000_000, 0x00FF_FFFF, 0x0100_0000, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFE, 0xFFFF_FFFF,
    ];

    /// <summary>Chooses an awkward number, or any number.</summary>
    public static uint AwkwardNumber(Random random) =>
        random.Next(4) == 0 ? (uint)random.NextInt64(1L << random.Next(1, 33)) : Awkward[random.Next(Awkward.Length)];

    /// <summary>Creates random bytes.</summary>
    public static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    /// <summary>Chooses a part of the bytes that is not longer than <paramref name="longest"/>.</summary>
    public static Range Part(byte[] bytes, Random random, int longest = int.MaxValue)
    {
        int start = random.Next(bytes.Length + 1);
        return start..(start + random.Next(Math.Min(bytes.Length - start, longest) + 1));
    }

    /// <summary>Replaces a part.</summary>
    public static byte[] Replace(byte[] bytes, Range part, ReadOnlySpan<byte> by)
    {
        (int start, int length) = part.GetOffsetAndLength(bytes.Length);
        return [.. bytes.AsSpan(0, start), .. by, .. bytes.AsSpan(start + length)];
    }

    /// <summary>Repeats bytes, up to the size of <see cref="Draw.LargestFile"/>.</summary>
    public static byte[] Repeat(byte[] bytes, int times)
    {
        byte[] repeated = new byte[bytes.Length == 0 ? 0 : bytes.Length * Math.Min(times, Math.Max(1, Draw.LargestFile / bytes.Length))];
        for (int start = 0; start < repeated.Length; start += bytes.Length)
            bytes.CopyTo(repeated, start);
        return repeated;
    }

    /// <summary>Inserts bytes at a place.</summary>
    public static byte[] Insert(byte[] bytes, int at, ReadOnlySpan<byte> added) => Replace(bytes, at..at, added);

    /// <summary>Overwrites bytes at a place, at most up to the end.</summary>
    public static byte[] Overwrite(byte[] bytes, int at, ReadOnlySpan<byte> by)
    {
        byte[] copy = [.. bytes];
        by[..Math.Min(by.Length, copy.Length - at)].CopyTo(copy.AsSpan(at));
        return copy;
    }

    /// <summary>Writes a number of one to four bytes at a place, little-endian.</summary>
    public static byte[] WriteLittle(byte[] bytes, int at, uint value, int width)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        return Overwrite(bytes, at, number[..width]);
    }

    /// <summary>Writes a number of one to four bytes at a place, big-endian.</summary>
    public static byte[] WriteBig(byte[] bytes, int at, uint value, int width)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, value);
        return Overwrite(bytes, at, number[^width..]);
    }

    /// <summary>Finds all occurrences of some bytes.</summary>
    public static List<int> Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> what)
    {
        var places = new List<int>();
        int next = 0;
        while (bytes[next..].IndexOf(what) is int found and >= 0)
        {
            places.Add(next + found);
            next += found + 1;
        }

        return places;
    }

    /// <summary>Chooses one of several.</summary>
    public static T OneOf<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
