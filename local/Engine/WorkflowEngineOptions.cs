namespace KeypointPipeline.Local.Engine;

/// <summary>Settings of the <see cref="WorkflowEngine"/>.</summary>
public sealed record WorkflowEngineOptions
{
    private readonly int _maxParallelSteps = 2 * Environment.ProcessorCount;

    /// <summary>The SQLite file that holds all instances. Its folder must exist. Only one process at a time may use it.</summary>
    public required string JournalPath { get; init; }

    /// <summary>The largest number of steps that run at the same time, at least 1. The default is two per processor: one computes while
    /// the other waits for storage, and the memory of heavy steps (prepare, infer) stays bounded.</summary>
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

    /// <summary>Awaited before each attempt at a step. It delays steps that could not succeed now.</summary>
    public Func<CancellationToken, Task> BeforeStep { get; init; } = _ => Task.CompletedTask;
}
