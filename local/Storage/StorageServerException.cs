using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Storage;

/// <summary>The storage server does not start or does not answer. The message gives the reason, as far as it is known.</summary>
public sealed class StorageServerException(string message) : UserErrorException(message);
