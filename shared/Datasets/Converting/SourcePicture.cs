namespace KeypointPipeline.Datasets.Converting;

/// <summary>A picture of the labels that are converted.</summary>
/// <param name="Path">Its path in its set, with <c>/</c> between its parts. It is untrusted.</param>
/// <param name="File">Its path on this machine; null if it is no file of its own.</param>
/// <param name="OpenAsync">Opens the picture's file at its start.</param>
internal sealed record SourcePicture(string Path, string? File, Func<CancellationToken, Task<Stream>> OpenAsync);
