namespace KeypointPipeline.Local.Engine.Steps;

/// <summary>One try of a step that is to run, and what becomes of its outcome.</summary>
internal abstract class StepJob
{
    /// <summary>The step.</summary>
    public required string Name { get; init; }

    /// <summary>Its input, JSON.</summary>
    public required string Input { get; init; }

    /// <summary>Whose step it is.</summary>
    public required StepOwner Owner { get; init; }

    /// <summary>Whether it cleans up after its owner: it runs although the owner has ended, and only once nothing else of the
    /// owner runs.</summary>
    public virtual bool IsCleanup => false;

    /// <summary>It gave its output, JSON.</summary>
    public abstract void Completed(string output);

    /// <summary>It failed. Runs the retry policy.</summary>
    /// <param name="error">What it threw.</param>
    /// <param name="permanent">Whether another try cannot help.</param>
    public abstract void Failed(Exception error, bool permanent);
}
