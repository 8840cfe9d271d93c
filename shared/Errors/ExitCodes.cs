namespace KeypointPipeline.Errors;

/// <summary>The exit codes of all programs of the pipeline, with their meaning. Help texts and <c>docs/command.md</c> list them. The pipeline
/// itself does not rely on the trainer's: <c>result.json</c> marks a training's completion.</summary>
public static class ExitCodes
{
    /// <summary>What was asked for happened.</summary>
    public const int Success = 0;

    /// <summary>What was asked for did not happen. The message says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the data cannot be used, or a question was answered with no.</summary>
    public const int Usage = 2;

    /// <summary>A training does not fit into memory and was not started (EX_UNAVAILABLE).</summary>
    public const int DoesNotFit = 69;

    /// <summary>Another host has the data folder (EX_CANTCREAT).</summary>
    public const int HostRuns = 73;

    /// <summary>A training was stopped on request or by a signal, after saving a checkpoint (EX_TEMPFAIL).</summary>
    public const int Stopped = 75;

    /// <summary>Another trainer works on the run.</summary>
    public const int AlreadyRunning = 76;

    /// <summary>Added to the number of a signal that ended a process. Shells, .NET and container platforms report it so.</summary>
    public const int SignalBase = 128;

    /// <summary>The user pressed Ctrl-C, as shells report it.</summary>
    public const int Cancelled = SignalBase + 2;

    /// <summary>The process was killed.</summary>
    public const int Killed = SignalBase + 9;

    /// <summary>All codes that a program ends with, in order, and what each means to a person.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Success, "What was asked for happened."),
        (Failed, "It did not happen. The message on standard error says why and what to do next."),
        (Usage, "train: the options or the data cannot be used. datasets remove: nothing was erased, because the answer was no."),
        (DoesNotFit, "train: the training does not fit into memory. Nothing was trained."),
        (HostRuns, "up: another host has the data folder."),
        (Stopped, "train: stopped after saving a checkpoint; --resume continues."),
        (AlreadyRunning, "train: another training runs in the folder --out."),
        (Cancelled, "Ctrl-C."),
        (Killed, "train: the trainer was killed, most likely because memory ran out; --resume continues. Other signals: 128 and the signal's number."),
    ];

    /// <summary>Describes the end of a process by a signal, for example <c>killed (signal 9, most likely out of memory)</c>.</summary>
    /// <param name="exitCode">The exit code of a process on Linux or macOS.</param>
    /// <returns>Null if no signal ended the process.</returns>
    public static string? DescribeSignal(int exitCode) => (exitCode - SignalBase) switch
    {
        9 => "killed (signal 9, most likely out of memory)",
        > 0 and < 65 and int signal => NameOf(signal) is string name ? $"killed (signal {signal}, {name})" : $"killed (signal {signal})",
        _ => null,
    };

    /// <summary>Names that Linux and macOS share.</summary>
    private static string? NameOf(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        8 => "SIGFPE",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        _ => OperatingSystem.IsMacOS() ? (signal == 10 ? "SIGBUS" : null) : signal == 7 ? "SIGBUS" : null,
    };
}
