namespace KeypointPipeline.Local.Tests.Engine.Execution;

/// <summary>A random workflow program: what <see cref="ProgramWorkflow"/> interprets. It is the workflow's input, so it must be JSON.</summary>
public sealed record ProgramNode(ProgramOperation Operation, int Number, IReadOnlyList<ProgramNode> Body)
{
    public override string ToString() =>
        Body.Count == 0 ? $"{Operation} {Number}" : $"{Operation} {Number} ({string.Join("; ", Body)})";
}

public enum ProgramOperation
{
    /// <summary>A step that succeeds.</summary>
    Step,

    /// <summary>A step that fails <c>Number</c> times before it succeeds, or for good from 3.</summary>
    ShakyStep,

    /// <summary>A delay of <c>Number</c> seconds.</summary>
    Delay,

    /// <summary>A wait of at most <c>Number</c> seconds for event "e0" or "e1".</summary>
    Wait,

    /// <summary>Lets the rest of the workflow's code go first.</summary>
    Yield,

    /// <summary>Sets the custom status.</summary>
    Status,

    /// <summary>The body one after the other.</summary>
    Sequence,

    /// <summary>The body side by side, waiting for all.</summary>
    All,

    /// <summary>The body side by side, waiting for one after the other as they come.</summary>
    AsTheyCome,

    /// <summary>The body side by side, going on with the first.</summary>
    First,

    /// <summary>The body as a child workflow.</summary>
    Child,
}
