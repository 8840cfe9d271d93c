namespace KeypointPipeline.Training;

/// <summary>The part of the trainer's command line that other programs write or read. The trainer declares its remaining options.</summary>
public static class TrainerCommandLine
{
    /// <summary>The trainer's name as a program.</summary>
    public const string Program = "keypoint-trainer";

    /// <summary>The verb that trains a run whose request is in storage.</summary>
    public const string Run = "run";

    /// <summary>The verb that trains on plain files, without storage.</summary>
    public const string Train = "train";

    /// <summary>Option of <see cref="Run"/>: the run to train.</summary>
    public const string RunId = "--run-id";

    /// <summary>Option of <see cref="Run"/>: a folder for downloaded datasets.</summary>
    public const string Cache = "--cache";

    /// <summary>Option of <see cref="Train"/>: the folder that receives the files of <see cref="TrainingRunFiles"/>.</summary>
    public const string Output = "--out";

    /// <summary>The arguments that train a run.</summary>
    public static IReadOnlyList<string> ForRun(string runId) => [Run, RunId, runId];
}
