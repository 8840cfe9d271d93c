using KeypointPipeline.Errors;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The options of the comparison.</summary>
/// <param name="Data">Labelled file or prepared folder to train on.</param>
/// <param name="Validation">The same, to measure on.</param>
/// <param name="Seeds">Trainings per entry, with seeds 1, 2, ….</param>
/// <param name="Seconds">Training seconds of each.</param>
/// <param name="Only">Names of the entries to train; empty for all.</param>
/// <param name="Folder">Where runs, models and the report go.</param>
/// <param name="AsJson">Whether to print the figures as JSON.</param>
internal sealed record AccuracyOptions(
    string Data, string Validation, int Seeds, double Seconds, IReadOnlyList<string> Only, string Folder, bool AsJson)
{
    /// <summary>The command that repeats the comparison.</summary>
    public string CommandLine =>
        $"./keypoints bench accuracy --data {Data} --validation {Validation} --seeds {Seeds} --seconds {Seconds}";

    /// <summary>Names the first value outside its range.</summary>
    /// <exception cref="UserErrorException">A value is outside its range.</exception>
    public void Validate()
    {
        if (Seeds < 1)
            throw new UserErrorException($"--seeds {Seeds}: there must be at least one training per entry.");
        if (Seconds is not (>= 1 and <= 86_400))
            throw new UserErrorException($"--seconds {Seconds}: it must be between 1 and 86,400.");
    }
}
