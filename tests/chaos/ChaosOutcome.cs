namespace KeypointPipeline.Chaos.Tests;

/// <summary>The outcome of everything that was dropped into a data folder, without the ids and times that differ between runs.</summary>
/// <param name="Blobs">Every blob by its name, with a hash of its content.</param>
/// <param name="Instances">Every workflow instance: its name, id, status and output.</param>
/// <param name="Faults">What is wrong whatever the other run's outcome is.</param>
internal sealed record ChaosOutcome(
    IReadOnlyDictionary<string, string> Blobs, IReadOnlySet<string> Instances, IReadOnlyList<string> Faults)
{
    /// <summary>Lists the faults and the differences to the outcome of an undisturbed run.</summary>
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
