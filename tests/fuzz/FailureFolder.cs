namespace KeypointPipeline.Fuzz.Tests;

/// <summary>Keeps inputs that broke a promise, with the command that feeds them again.</summary>
/// <param name="path">The folder. It is created for the first input.</param>
/// <param name="seed">Seeds all inputs.</param>
internal sealed class FailureFolder(string path, int seed)
{
    /// <summary>The folder of a long run.</summary>
    public static string Default => Path.Combine(Environment.CurrentDirectory, "fuzz-failures");

    /// <summary>Keeps one input.</summary>
    /// <returns>A message: what happened, where the input is and the command that feeds it again.</returns>
    public string Keep(FuzzFailure failure)
    {
        using IFuzzTarget target = FuzzTargets.Open(failure.Target);
        FuzzInput input = target.Create(seed, failure.Number);
        string name = $"{failure.Target}-{seed}-{failure.Number}";
        string kept = Path.Combine(Directory.CreateDirectory(path).FullName, name + Path.GetExtension(input.Name));
        File.WriteAllBytes(kept, input.Content);
        File.WriteAllText(Path.Combine(path, name + ".txt"), $"{input.Name}: {input.Recipe}\n\n{failure.What}\n");
        return $"""
            {failure.Target} {failure.Number}: {failure.What}
              kept as {kept}
              again: {Again(failure.Target, failure.Number)}
            """;
    }

    private string Again(string target, long number) => $"./keypoints test fuzz --seed {seed} --replay {target}:{number}";
}
