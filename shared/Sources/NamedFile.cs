using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>The bytes of a packed file of a set. If the file cannot be used, the reason names it and the set.</summary>
/// <param name="set">The set.</param>
/// <param name="file">The file.</param>
/// <param name="stream">The file's bytes. They are disposed with this object.</param>
internal sealed class NamedFile(FileSet set, SetFile file, Stream stream) : ReadOnlyStream
{
    /// <summary>Returns a file of a set whose errors name both.</summary>
    public static SetFile Of(FileSet set, SetFile file) => file with { OpenAsync = token => OpenAsync(set, file, token) };

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (RejectedFileException e)
        {
            throw Named(set, file, e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }

    private static async Task<Stream> OpenAsync(FileSet set, SetFile file, CancellationToken cancellationToken)
    {
        try
        {
            Stream stream = await file.OpenAsync(cancellationToken);

            // A file that can seek is not packed, so reading it finds nothing wrong with it.
            return stream.CanSeek ? stream : new NamedFile(set, file, stream);
        }
        catch (RejectedFileException e)
        {
            throw Named(set, file, e);
        }
    }

    /// <summary>Puts the names before a reason that says <c>The file …</c>.</summary>
    private static RejectedFileException Named(FileSet set, SetFile file, RejectedFileException e) =>
        new($"{FileNames.OwnName(file.Path)} in {set.Name} cannot be read. {e.Message}", e);
}
