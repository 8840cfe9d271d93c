using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Commands;

/// <summary>A command cannot do its work. The message says why and what to do next.</summary>
public sealed class CommandException(string message, int exitCode = ExitCodes.Failed)
    : UserErrorException(message, innerException: null, exitCode);
