namespace KeypointPipeline.Local.Engine.Steps;

/// <summary>An attempt at a step, which receives the outcome.</summary>
internal abstract class StepJob
{
    /// <summary>Name of the step.</summary>
    public required string Name { get; init; }

    /// <summary>Input of the step, JSON.</summary>
    public required string Input { get; init; }

    /// <summary>The owner of the step.</summary>
    public required StepOwner Owner { get; init; }

    /// <summary>Gets whether the step cleans up after its owner. Such a step runs although the owner has ended, and only once no other
    /// step of the owner runs.</summary>
    public virtual bool IsCleanup => false;

    /// <summary>Receives the output of the step, JSON.</summary>
    public abstract void Completed(string output);

    /// <summary>Receives the error of a failed step, and applies the retry policy.</summary>
    /// <param name="error">The exception that the step threw.</param>
    /// <param name="permanent">Whether a retry cannot help.</param>
    public abstract void Failed(Exception error, bool permanent);
}
