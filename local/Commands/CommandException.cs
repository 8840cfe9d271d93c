namespace KeypointPipeline.Local.Commands;

/// <summary>The command cannot do what was asked; the message says why and what to do next.</summary>
public sealed class CommandException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
