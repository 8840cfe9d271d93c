using KeypointPipeline.Finding;

namespace KeypointPipeline.Inference;

/// <summary>A host's setting of what finds the instances of pictures, for batches and requests that state nothing.</summary>
/// <param name="Kind">The finder; null for the one that suits the model.</param>
public sealed record HostFinder(FinderKind? Kind)
{
    /// <summary>Name of the setting. Unset or empty: the finder that suits the model.</summary>
    public const string Variable = "FINDER";

    /// <summary>Reads the setting.</summary>
    /// <param name="find">Gives a setting's value, or null.</param>
    /// <exception cref="FormatException">The value cannot be used; the message names the setting.</exception>
    public static HostFinder Read(Func<string, string?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        return find(Variable) is not { Length: > 0 } text ? new HostFinder(Kind: null)
            : FinderNames.Parse(text) is FinderKind kind ? new HostFinder(kind)
            : throw new FormatException($"{Variable}='{text}' is not a finder: expected {FinderNames.All}, or nothing for the one that suits the model.");
    }
}
