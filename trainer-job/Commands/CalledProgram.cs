using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>The program that the user called: the trainer itself, or a tool that passes its command line on to the trainer.</summary>
/// <param name="program">The program as the user can call it again: a name or a path.</param>
internal sealed class CalledProgram(string program)
{
    /// <summary>The program's name in help texts.</summary>
    public string Name => Path.GetFileName(program);

    /// <summary>Reads <see cref="TrainerVariables.CalledAs"/>. Without it, the user called the trainer itself.</summary>
    /// <param name="find">Gives a variable's value, or null.</param>
    public static CalledProgram Find(Func<string, string?> find) =>
        new(find(TrainerVariables.CalledAs) is { Length: > 0 } called ? called : TrainerCommandLine.Program);

    /// <summary>A command line to paste into a shell.</summary>
    public string CommandLine(IEnumerable<string> arguments) => TrainerCommandLine.ForShell(program, arguments);

    /// <summary>The command line that continues a training.</summary>
    /// <param name="arguments">The arguments that started it.</param>
    public string ResumingCommand(IEnumerable<string> arguments) => TrainerCommandLine.Resuming(program, arguments);
}
