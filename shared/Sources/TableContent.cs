using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>The CSV that is one of the files of a set. Messages name it and the set.</summary>
/// <param name="set">The set, which is disposed with this object.</param>
/// <param name="file">The CSV.</param>
/// <param name="stream">The CSV's bytes. They are disposed with this object.</param>
internal sealed class TableContent(FileSet set, SetFile file, Stream stream) : CsvContent(FileNames.OwnName(file.Path))
{
    /// <summary>Opens a CSV of a set.</summary>
    /// <exception cref="RejectedFileException">The file cannot be read.</exception>
    public static async Task<TableContent> OpenAsync(FileSet set, SetFile file, SidecarFile? sidecar, CancellationToken cancellationToken) =>
        new(set, file, await NamedFile.Of(set, file).OpenAsync(cancellationToken)) { Sidecar = sidecar };

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await set.DisposeAsync();
    }
}
