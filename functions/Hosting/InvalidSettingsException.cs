using KeypointPipeline.Errors;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>The app cannot start with these settings.</summary>
/// <param name="problems">One sentence for each setting that is wrong, which names it.</param>
public sealed class InvalidSettingsException(IReadOnlyList<string> problems)
    : UserErrorException($"The function app's settings cannot be used. {string.Join(" ", problems)}")
{
    /// <summary>One sentence for each setting that is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
