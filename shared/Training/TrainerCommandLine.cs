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

    /// <summary>Option of <see cref="Train"/>: continue the training in the folder <see cref="Output"/>.</summary>
    public const string Resume = "--resume";

    /// <summary>Characters that no shell interprets, besides letters and digits.</summary>
    private const string PlainCharacters = "-_./:=+@,";

    /// <summary>A command line to paste into a shell.</summary>
    /// <param name="program">The program as the user can call it: a name or a path.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string ForShell(string program, IEnumerable<string> arguments) =>
        string.Join(' ', arguments.Prepend(program).Select(Quote));

    /// <summary>The command line that continues a training.</summary>
    /// <param name="program">The program as the user can call it.</param>
    /// <param name="arguments">The arguments that started the training, with <see cref="Train"/> first.</param>
    public static string Resuming(string program, IEnumerable<string> arguments)
    {
        string[] given = [.. arguments];
        return ForShell(program, given.Contains(Resume, StringComparer.Ordinal) ? given : [.. given, Resume]);
    }

    /// <summary>The arguments that train a run.</summary>
    public static IReadOnlyList<string> ForRun(string runId) => [Run, RunId, runId];

    private static string Quote(string text)
    {
        if (text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || PlainCharacters.Contains(c, StringComparison.Ordinal)))
            return text;
        return OperatingSystem.IsWindows() ? $"\"{text}\"" : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
