using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Machine.Processes;

/// <summary>A program cannot be started. The message names it and says why.</summary>
public sealed class ProgramStartException(string program, string reason, Exception? innerException = null)
    : UserErrorException($"{program} could not be started: {reason}", innerException);
