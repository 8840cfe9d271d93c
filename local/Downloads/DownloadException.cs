using KeypointPipeline.Errors;

namespace KeypointPipeline.Local.Downloads;

/// <summary>Files cannot be downloaded into a folder. Nothing in it has changed. The message says why and what to do next.</summary>
public sealed class DownloadException(string message) : UserErrorException(message);
