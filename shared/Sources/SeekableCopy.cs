using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Sources;

/// <summary>Opens a file of a set so that it can be read in any order, as a zip needs it. A zip inside a zip is unpacked into a temporary
/// file for that.</summary>
internal static class SeekableCopy
{
    /// <summary>The largest file in bytes that is unpacked. Kaggle's training.zip has 60 million. An instance in Azure has 0.8 GB of
    /// temporary disk.</summary>
    public const long LargestBytes = 256 * 1024 * 1024;

    private const int BufferBytes = 256 * 1024;

    /// <summary>Opens a file. Disposing the stream deletes the copy, if there is one.</summary>
    /// <exception cref="RejectedFileException">The file is damaged or too large.</exception>
    /// <exception cref="IOException">The file could not be read, or the copy not be written.</exception>
    public static async Task<Stream> OpenAsync(SetFile file, CancellationToken cancellationToken)
    {
        Stream source = await file.OpenAsync(cancellationToken);
        if (source.CanSeek)
            return source;
        await using (source)
        {
            FileStream copy = TemporaryFile.Create("unpacked");
            try
            {
                byte[] buffer = new byte[BufferBytes];
                while (await source.ReadAsync(buffer, cancellationToken) is int read and > 0)
                {
                    if (copy.Position + read > LargestBytes)
                        throw TooLarge(file);
                    await copy.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }

                copy.Position = 0;
                return copy;
            }
            catch
            {
                await copy.DisposeAsync();
                throw;
            }
        }
    }

    private static RejectedFileException TooLarge(SetFile file) => new(
        $"{FileNames.OwnName(file.Path)} has more than {LargestBytes:N0} bytes, too many for a zip inside a zip. Unpack the outer zip and drop {FileNames.OwnName(file.Path)} itself.");
}
