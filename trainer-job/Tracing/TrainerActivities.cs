using System.Diagnostics;
using KeypointPipeline.Errors;

namespace KeypointPipeline.TrainerJob.Tracing;

/// <summary>The activities of a training in a trace: the run, and inside it loading, training and exporting.</summary>
public static class TrainerActivities
{
    /// <summary>The source's name, for listeners.</summary>
    public const string SourceName = "KeypointPipeline.Trainer";

    /// <summary>Names the run.</summary>
    public const string RunIdTag = "keypoints.run_id";

    /// <summary>The <see cref="ExitCodes"/>.</summary>
    public const string ExitCodeTag = "keypoints.exit_code";

    /// <summary>Completed epochs, over all starts.</summary>
    public const string EpochsTag = "keypoints.epochs";

    /// <summary>Where it computes: <c>cpu</c> or <c>cuda</c>.</summary>
    public const string DeviceTag = "keypoints.device";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>One start of the trainer, from beginning to end.</summary>
    /// <param name="parent">The activity that started the trainer.</param>
    public static Activity? Run(ActivityContext parent) => Source.StartActivity("Training run", ActivityKind.Consumer, parent);

    /// <summary>Downloads data and checkpoint.</summary>
    public static Activity? Loading() => Source.StartActivity("Loading");

    /// <summary>Trains all epochs.</summary>
    public static Activity? Training() => Source.StartActivity("Training");

    /// <summary>Writes the model.</summary>
    public static Activity? Exporting() => Source.StartActivity("Exporting");

    /// <summary>Marks an activity as failed.</summary>
    public static void Fail(this Activity activity, Exception reason) =>
        activity.AddException(reason).SetStatus(ActivityStatusCode.Error, reason.Message);
}
