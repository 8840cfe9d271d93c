using KeypointPipeline.Workflows;

namespace KeypointPipeline.Models;

/// <summary>Measures a run's model and the champion on the same validation rows.</summary>
public sealed class EvaluateCandidate : Step<string, ModelComparison>
{
    /// <summary>How workflows call it; the input is the run id.</summary>
    public static StepRef<string, ModelComparison> Ref { get; } = new(nameof(EvaluateCandidate), StepRetry.Default);

    /// <inheritdoc/>
    public override Task<ModelComparison> RunAsync(string input, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
