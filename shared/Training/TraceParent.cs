using System.Diagnostics;

namespace KeypointPipeline.Training;

/// <summary>Carries a trace from whoever starts the trainer into the trainer's process: W3C Trace Context's <c>traceparent</c>, in
/// an environment variable.</summary>
public static class TraceParent
{
    /// <summary>The variable.</summary>
    public const string Variable = "TRACEPARENT";

    /// <summary>The activity under way here, as the variable's value; null where there is none.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Reads the variable's value.</summary>
    /// <returns>The activity to continue; the default, which begins a trace of its own, where there is none.</returns>
    public static ActivityContext Read(string? value) =>
        ActivityContext.TryParse(value, traceState: null, isRemote: true, out ActivityContext parent) ? parent : default;
}
