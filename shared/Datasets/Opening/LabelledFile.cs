using KeypointPipeline.Files;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Opening;

/// <summary>Finds the labels in a dropped file: a table with pixels, or a zip.</summary>
internal static class LabelledFile
{
    /// <summary>Finds the labels.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The labels, and the zip that they are in, which the caller disposes; null for a table.</returns>
    /// <exception cref="RejectedFileException">The file holds no labels that are read. The message says what to do.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public static async Task<(SetLabels Labels, FileSet? Zip)> FindAsync(DatasetSource file, CancellationToken cancellationToken)
    {
        if (!FileNames.IsZip(file.Name))
        {
            return FileNames.IsDataset(file.Name) || await DroppedSet.DescribeUnreadAsync(file, cancellationToken) is not string unread
                ? (new LabelledTable(file, OpenImagesAsync: null, []), null)
                : throw new RejectedFileException(unread);
        }

        ZipFileSet zip = await ZipFileSet.OpenAsync(file, cancellationToken);
        try
        {
            return (await LabelledSet.FindAsync(zip, cancellationToken), zip);
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }
}
