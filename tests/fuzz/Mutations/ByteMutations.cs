namespace KeypointPipeline.Fuzz.Tests.Mutations;

/// <summary>Damage to a file of any format.</summary>
internal static class ByteMutations
{
    private const int LongestNoise = 64;
    private const int LongestRepetition = 32 * 1024;

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("flip a bit", (file, random) => Somewhere(file, random, value => (byte)(value ^ (1 << random.Next(8))))),
        new("another byte", (file, random) => Somewhere(file, random, _ => (byte)random.Next(256))),
        new("several other bytes", SeveralBytes),
        new("noise put in", (file, random) => ByteEdits.Insert(file, random.Next(file.Length + 1), ByteEdits.Noise(random, random.Next(LongestNoise)))),
        new("noise written over", (file, random) => ByteEdits.Overwrite(file, random.Next(file.Length + 1), ByteEdits.Noise(random, random.Next(LongestNoise)))),
        new("part taken out", (file, random) => ByteEdits.Replace(file, ByteEdits.Part(file, random), [])),
        new("few bytes taken out", (file, random) => ByteEdits.Replace(file, ByteEdits.Part(file, random, 4), [])),
        new("part doubled", (file, random) => ByteEdits.Insert(file, random.Next(file.Length + 1), file[ByteEdits.Part(file, random)])),
        new("part moved over another", (file, random) => ByteEdits.Overwrite(file, random.Next(file.Length + 1), file[ByteEdits.Part(file, random)])),
        new("part of zeros", (file, random) => Fill(file, random, 0)),
        new("part of ones", (file, random) => Fill(file, random, 0xFF)),
        new("cut off", (file, random) => file[..random.Next(file.Length + 1)]),
        new("end cut off", (file, random) => file[..^random.Next(Math.Min(file.Length, 16) + 1)]),
        new("start cut off", (file, random) => file[random.Next(Math.Min(file.Length, 16) + 1)..]),
        new("something behind the end", (file, random) => [.. file, .. random.Next(2) == 0 ? new byte[random.Next(LongestNoise)] : ByteEdits.Noise(random, random.Next(LongestNoise))]),
        new("twice", (file, _) => [.. file, .. file]),
        new("short part many times", Repeat),
        new("awkward number, little-endian", (file, random) => ByteEdits.WriteLittle(file, random.Next(file.Length + 1), ByteEdits.AwkwardNumber(random), 1 << random.Next(3))),
        new("awkward number, big-endian", (file, random) => ByteEdits.WriteBig(file, random.Next(file.Length + 1), ByteEdits.AwkwardNumber(random), 1 << random.Next(3))),
    ];

    private static byte[] Somewhere(byte[] file, Random random, Func<byte, byte> change)
    {
        byte[] copy = [.. file];
        if (copy.Length > 0)
        {
            int at = random.Next(copy.Length);
            copy[at] = change(copy[at]);
        }

        return copy;
    }

    private static byte[] SeveralBytes(byte[] file, Random random)
    {
        byte[] copy = [.. file];
        for (int i = random.Next(2, 12); i > 0 && copy.Length > 0; i--)
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
        return copy;
    }

    private static byte[] Fill(byte[] file, Random random, byte value)
    {
        byte[] copy = [.. file];
        copy.AsSpan(ByteEdits.Part(file, random)).Fill(value);
        return copy;
    }

    private static byte[] Repeat(byte[] file, Random random)
    {
        byte[] part = file[ByteEdits.Part(file, random, 24)];
        int times = part.Length == 0 ? 0 : random.Next(LongestRepetition / part.Length);
        return ByteEdits.Insert(file, random.Next(file.Length + 1), ByteEdits.Repeat(part, times));
    }
}
