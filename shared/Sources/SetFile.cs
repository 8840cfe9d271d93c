using KeypointPipeline.Sources.Zips;

namespace KeypointPipeline.Sources;

/// <summary>A file of a <see cref="FileSet"/>.</summary>
/// <param name="Path">Its path within the set, with <c>/</c> between its parts, unique in the set. It is untrusted and never used as a
/// local path.</param>
/// <param name="Length">Its size in bytes as the set states it, or null if unknown.</param>
/// <param name="OpenAsync">Opens the file at its start. Opening and reading throw <c>RejectedFileException</c> if the file itself is
/// unusable: damaged, encrypted or gone. Another exception is a failed read, which is worth a retry.</param>
/// <param name="Place">Where it is in its zip; null if it is in none.</param>
public sealed record SetFile(string Path, long? Length, Func<CancellationToken, Task<Stream>> OpenAsync, ZipPlace? Place = null);
