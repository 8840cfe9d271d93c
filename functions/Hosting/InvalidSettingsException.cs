using KeypointPipeline.Errors;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Thrown when the function app cannot start with its settings.</summary>
/// <param name="problems">One sentence for each invalid setting. Each sentence names its setting.</param>
public sealed class InvalidSettingsException(IReadOnlyList<string> problems)
    : UserErrorException($"The function app's settings cannot be used. {string.Join(" ", problems)}")
{
    /// <summary>One sentence for each invalid setting.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
