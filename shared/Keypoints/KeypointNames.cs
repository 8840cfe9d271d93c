namespace KeypointPipeline.Keypoints;

/// <summary>Finds the keypoints of one schema by name. Names compare as <see cref="KeypointName.Normalize"/> says. Names of the schema
/// with the same normalised form compare exactly.</summary>
public sealed class KeypointNames
{
    private readonly Dictionary<string, int> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _normalized = new(StringComparer.Ordinal);

    /// <summary>Creates the index of a schema's names.</summary>
    /// <param name="names">The names, each once.</param>
    public KeypointNames(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        for (int k = 0; k < names.Count; k++)
        {
            _exact.Add(names[k], k);
            string form = KeypointName.Normalize(names[k]);
            _normalized[form] = _normalized.ContainsKey(form) ? -1 : k;
        }
    }

    /// <summary>Returns the index of a keypoint, or -1 if no keypoint, or more than one, has that name.</summary>
    public int Find(string name) =>
        _exact.TryGetValue(name, out int index) || _normalized.TryGetValue(KeypointName.Normalize(name), out index) ? index : -1;
}
