using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Storage;

/// <summary>The storage server does not start or does not answer. The message says what is known of the reason.</summary>
public sealed class StorageServerException(string message) : UserErrorException(message);
