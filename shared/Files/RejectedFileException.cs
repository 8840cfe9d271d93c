namespace KeypointPipeline.Files;

/// <summary>A dropped file cannot be used at all. The message is the reason that the file's owner reads.</summary>
internal sealed class RejectedFileException(string message, Exception? innerException = null)
    : Exception(message, innerException);
