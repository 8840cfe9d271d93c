namespace KeypointPipeline.Local.Engine;

/// <summary>Settings of the <see cref="WorkflowEngine"/>.</summary>
public sealed record WorkflowEngineOptions
{
    private readonly int _maxParallelSteps = 2 * Environment.ProcessorCount;

    /// <summary>The SQLite file that holds every instance; its folder must exist. One process at a time may use it.</summary>
    public required string JournalPath { get; init; }

    /// <summary>Steps that run at the same time, at least 1. By default two for each processor: while one waits for storage,
    /// the other computes, and the memory of the heavy ones (prepare, infer) stays bounded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxParallelSteps
    {
        get => _maxParallelSteps;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxParallelSteps = value;
        }
    }

    /// <summary>Awaited before each try of a step: holds steps back while there is no use in trying.</summary>
    public Func<CancellationToken, Task> BeforeStep { get; init; } = _ => Task.CompletedTask;
}
