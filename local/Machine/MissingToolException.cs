using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Machine;

/// <summary>A program that the pipeline needs is missing, too old, or could not be installed. The message says what to do next.</summary>
public sealed class MissingToolException(string message, Exception? innerException = null) : UserErrorException(message, innerException);
