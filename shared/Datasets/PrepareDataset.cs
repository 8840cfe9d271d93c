using KeypointPipeline.Workflows;

namespace KeypointPipeline.Datasets;

/// <summary>Which dropped file, and which content of it.</summary>
public sealed record PrepareDatasetInput(string Path, string ETag);

/// <summary>What became of it: accepted with an id, or rejected with a reason.</summary>
public sealed record PrepareDatasetOutput(string? DatasetId, long RowsAccepted, long RowsRejected, string? Reason);

/// <summary>Validates a dropped file and prepares it for training.</summary>
public sealed class PrepareDataset : Step<PrepareDatasetInput, PrepareDatasetOutput>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<PrepareDatasetInput, PrepareDatasetOutput> Ref { get; } = new(nameof(PrepareDataset), StepRetry.Default);

    /// <inheritdoc/>
    public override Task<PrepareDatasetOutput> RunAsync(PrepareDatasetInput input, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
