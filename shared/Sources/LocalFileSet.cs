using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>Opens what a person names on this machine as a set of files.</summary>
internal static class LocalFileSet
{
    /// <summary>Opens a folder, or a zip whatever its name.</summary>
    /// <param name="path">Path of the folder or zip.</param>
    /// <param name="cancellationToken">Cancels the reading of the zip's list of files.</param>
    /// <exception cref="InvalidDataException">The file is not a readable zip. The message says why.</exception>
    /// <exception cref="IOException">Reading failed.</exception>
    public static async Task<FileSet> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return FolderFileSet.Open(path);
        try
        {
            return await ZipFileSet.OpenAsync(DatasetSource.FromFile(path), cancellationToken);
        }
        catch (RejectedFileException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
