namespace KeypointPipeline.Files;

/// <summary>A dropped file that cannot be used as a whole; the message is the reason that people read.</summary>
internal sealed class RejectedFileException(string message, Exception? innerException = null)
    : Exception(message, innerException);
