using KeypointPipeline.Training;

namespace KeypointPipeline.Local.Commands;

/// <summary>Describes a training's state in one line.</summary>
internal static class TrainingText
{
    /// <summary>Describes the state, for example <c>epoch 12 of 40, 1.93 px, 152 images/s, 6 min left</c>.</summary>
    public static string Describe(TrainingStatus status)
    {
        if (status.State is TrainingState.Starting)
            return "loading data";
        if (status.State is TrainingState.Exporting)
            return "writing the model";
        var parts = new List<string> { $"epoch {status.Epoch} of {status.Epochs}" };
        if (status.ValidationRmse is double rmse)
            parts.Add($"{rmse:0.00} px");
        if (status.ImagesPerSecond is double speed)
            parts.Add($"{speed:0} images/s");
        if (status.SecondsLeft is double seconds)
            parts.Add($"{TimeLeft(seconds)} left");
        return string.Join(", ", parts);
    }

    /// <summary>Formats a duration, for example <c>40 s</c> or <c>6 min</c>.</summary>
    public static string TimeLeft(double seconds) => seconds < 90 ? $"{seconds:0} s" : $"{seconds / 60:0} min";
}
