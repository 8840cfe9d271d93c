using KeypointPipeline.Files;

namespace KeypointPipeline.Results;

/// <summary>Stores result files in a folder or as blobs. Readers see a complete file or none; writing a file again replaces it.</summary>
public interface IResultStore
{
    /// <summary>Starts a file that is written in pieces.</summary>
    /// <param name="name">Its name, with <c>/</c> between folders.</param>
    StagedFile Create(string name);

    /// <summary>Writes a small file.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Deletes a file if it exists.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}
