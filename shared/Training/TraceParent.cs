using System.Diagnostics;

namespace KeypointPipeline.Training;

/// <summary>Carries a trace from the program that starts the trainer into the trainer's process, through the environment variable
/// <see cref="TrainerVariables.TraceParent"/>.</summary>
public static class TraceParent
{
    /// <summary>The current activity as the variable's value, or null if there is none.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Reads the variable's value.</summary>
    /// <returns>The activity to continue. Without a valid value, the default, which starts a new trace.</returns>
    public static ActivityContext Read(string? value) =>
        ActivityContext.TryParse(value, traceState: null, isRemote: true, out ActivityContext parent) ? parent : default;
}
