using KeypointPipeline.Training;

namespace KeypointPipeline.Local.Commands;

/// <summary>Describes a training's state in one line.</summary>
internal static class TrainingText
{
    /// <summary>Describes the state, for example <c>epoch 12 of 150, step 540 of 6,750, 1.93 px, 152
    /// images/s, 6 min left, at most 2 h</c>.</summary>
    public static string Describe(TrainingStatus status)
    {
        if (status.State is TrainingState.Starting)
            return "loading data";
        if (status.State is TrainingState.Exporting)
            return "writing the model";
        var parts = new List<string> { Length(status.Epoch, status.Epochs, status.Step, status.Steps) };
        if (status.ValidationRmse is double rmse)
            parts.Add($"{rmse:0.00} px");
        if (status.ImagesPerSecond is double speed)
            parts.Add($"{speed:0} images/s");
        if (status.SecondsLeft is double seconds)
            parts.Add($"{TimeLeft(seconds)} left" + AtMost(status.MostSeconds));
        return string.Join(", ", parts);
    }

    /// <summary>Describes how far a training is, for example <c>epoch 12 of 150, step 540 of 6,750</c>.</summary>
    public static string Length(int? epoch, int epochs, long? step, long? steps) =>
        $"epoch {epoch:N0} of {epochs:N0}" + (step is null || steps is null ? "" : $", step {step:N0} of {steps:N0}");

    /// <summary>Describes the longest time of a training, for example <c>, at most 2 h</c>. Empty if it has none.</summary>
    public static string AtMost(double? mostSeconds) => mostSeconds is double most ? $", at most {most / 3600:0.#} h" : "";

    /// <summary>Formats a duration, for example <c>40 s</c> or <c>6 min</c>.</summary>
    public static string TimeLeft(double seconds) => seconds < 90 ? $"{seconds:0} s" : $"{seconds / 60:0} min";
}
