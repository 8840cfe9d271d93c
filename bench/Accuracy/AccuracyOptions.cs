using KeypointPipeline.Bench.Accuracy.Faces;
using KeypointPipeline.Errors;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The options of the comparison.</summary>
/// <param name="Data">Labelled file or prepared folder to train on, or P1's folder <c>data</c>.</param>
/// <param name="Validation">Labelled file or prepared folder to measure on. Null for P1, which has people of its own for it.</param>
/// <param name="Seeds">Trainings per entry, with seeds 1, 2, ….</param>
/// <param name="Seconds">Training seconds of each.</param>
/// <param name="Only">Names of the entries to train; empty for all.</param>
/// <param name="Folder">Where runs, models and the report go.</param>
/// <param name="AsJson">Whether to print the figures as JSON.</param>
/// <param name="MeasuresTest">Whether to measure the finished models on P1's test people.</param>
internal sealed record AccuracyOptions(
    string Data, string? Validation, int Seeds, double Seconds, IReadOnlyList<string> Only, string Folder, bool AsJson, bool MeasuresTest = false)
{
    /// <summary>Whether the data are Udacity's P1_Facial_Keypoints.</summary>
    public bool IsP1 => P1Frame.IsFolder(Data);

    /// <summary>The command that repeats the comparison.</summary>
    public string CommandLine =>
        $"./keypoints bench accuracy --data {Data}{(Validation is null ? "" : $" --validation {Validation}")} --seeds {Seeds} --seconds {Seconds}"
        + (MeasuresTest ? " --test" : "");

    /// <summary>Names the first value outside its range.</summary>
    /// <exception cref="UserErrorException">A value is outside its range.</exception>
    public void Validate()
    {
        if (Seeds < 1)
            throw new UserErrorException($"--seeds {Seeds}: there must be at least one training per entry.");
        if (Seconds is not (>= 1 and <= 86_400))
            throw new UserErrorException($"--seconds {Seconds}: it must be between 1 and 86,400.");
        if (IsP1 && Validation is not null)
            throw new UserErrorException($"{Data} is P1's folder, which has validation people of its own. Leave --validation out.");
        if (!IsP1 && Validation is null)
            throw new UserErrorException($"{Data} is not the folder data of udacity/P1_Facial_Keypoints. Give other people's data with --validation.");
        if (!IsP1 && MeasuresTest)
            throw new UserErrorException("--test measures on P1's test people. It needs --data with the folder data of udacity/P1_Facial_Keypoints.");
    }
}
