namespace KeypointPipeline.Chaos.Tests;

/// <summary>What came of everything that was dropped into a data folder, without what each run has of its own.</summary>
/// <param name="Blobs">Every blob by its name, with a hash of its content.</param>
/// <param name="Instances">Every workflow instance: its name, its id, how it ended and with what.</param>
/// <param name="Faults">What is wrong in itself, whatever another run came to.</param>
internal sealed record ChaosOutcome(
    IReadOnlyDictionary<string, string> Blobs, IReadOnlySet<string> Instances, IReadOnlyList<string> Faults)
{
    /// <summary>What is wrong in itself, and how it differs from the outcome of an undisturbed run.</summary>
    public IEnumerable<string> DifferencesTo(ChaosOutcome undisturbed)
    {
        foreach (string fault in Faults)
            yield return fault;
        foreach (string blob in undisturbed.Blobs.Keys.Union(Blobs.Keys).Order(StringComparer.Ordinal))
        {
            if (!Blobs.TryGetValue(blob, out string? hash))
                yield return $"{blob} is missing";
            else if (!undisturbed.Blobs.TryGetValue(blob, out string? expected))
                yield return $"{blob} is left over";
            else if (hash != expected)
                yield return $"{blob} has another content";
        }

        foreach (string instance in undisturbed.Instances.Except(Instances))
            yield return $"not as undisturbed: no {instance}";
        foreach (string instance in Instances.Except(undisturbed.Instances))
            yield return $"not as undisturbed: {instance}";
    }
}
