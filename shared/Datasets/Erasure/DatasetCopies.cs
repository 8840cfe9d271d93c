using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Erasure;

/// <summary>Deletes every copy that the pipeline made of a dataset's rows.</summary>
/// <param name="storage">The storage account.</param>
/// <param name="work">This host's caches.</param>
public sealed class DatasetCopies(PipelineStorage storage, WorkFolder work)
{
    /// <summary>Deletes a prepared dataset, its report, and the copies in this host's caches. Repeating it changes nothing.</summary>
    /// <returns>Folders that another program has open. They could not be deleted.</returns>
    public async Task<IReadOnlyList<string>> DeleteAsync(string datasetId, CancellationToken cancellationToken)
    {
        // The manifest first: a dataset exists while its manifest exists.
        await storage.Blob(BlobLayout.Prepared, $"{datasetId}/{PreparedDatasetFiles.Manifest}").DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await storage.DeleteAllAsync(BlobLayout.Prepared, $"{datasetId}/", cancellationToken);
        await storage.Blob(BlobLayout.Reports, $"{datasetId}.json").DeleteIfExistsAsync(cancellationToken: cancellationToken);
        return [.. work.FindDatasetCopies(datasetId).Where(folder => !TryDelete(folder))];
    }

    /// <summary>Deletes the copy of a rejected file and its report. Of a folder there is only a report.</summary>
    public async Task DeleteRejectedAsync(string path, CancellationToken cancellationToken)
    {
        string report = path + BlobLayout.RejectionReportEnding;
        foreach (string name in DatasetPath.IsFolder(path) ? (string[])[report] : [path, report])
            await storage.Blob(BlobLayout.Rejected, name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    private static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
