namespace KeypointPipeline.Local.Downloads;

/// <summary>A file to download.</summary>
/// <param name="Name">Its name below the folder, with <c>/</c> between folders.</param>
/// <param name="Bytes">Its size, for the progress.</param>
/// <param name="OpenAsync">Opens its content. The caller disposes it.</param>
/// <param name="Sha256">The SHA-256 that its content must have, in lower-case hexadecimal digits; null if it is not known.</param>
internal sealed record Download(string Name, long Bytes, Func<CancellationToken, Task<Stream>> OpenAsync, string? Sha256 = null);
