namespace KeypointPipeline.Fuzz.Tests.Mutations;

/// <summary>Damage to formats that consist of parts, such as PNG's chunks.</summary>
internal static class PartMutations
{
    private const int MostRepetitions = 300;

    /// <summary>Ways to damage the parts of one format.</summary>
    /// <param name="part">The name of such a part.</param>
    /// <param name="find">Finds the parts.</param>
    public static IEnumerable<Mutation> Of(string part, Func<byte[], List<Range>> find)
    {
        yield return new Mutation($"{part} taken out", (file, random) => Replace(file, random, (_, _) => []));
        yield return new Mutation($"{part} twice", (file, random) => Replace(file, random, (bytes, _) => [.. bytes, .. bytes]));
        yield return new Mutation($"{part} many times", (file, random) => Replace(
            file, random, (bytes, _) => ByteEdits.Repeat(bytes, random.Next(MostRepetitions))));
        yield return new Mutation($"{part} damaged", (file, random) => Replace(file, random, (bytes, _) => random.OneOf(ByteMutations.All).Apply(bytes, random)));
        yield return new Mutation($"{part} in another's place", (file, random) => Replace(file, random, (_, others) => file[random.OneOf(others)]));
        yield return new Mutation($"{part} also behind another", (file, random) => Replace(file, random, (bytes, others) => [.. bytes, .. file[random.OneOf(others)]]));

        byte[] Replace(byte[] file, Random random, Func<byte[], List<Range>, byte[]> change)
        {
            List<Range> parts = find(file);
            if (parts.Count == 0)
                return file;
            Range chosen = random.OneOf(parts);
            return ByteEdits.Replace(file, chosen, change(file[chosen], parts));
        }
    }
}
