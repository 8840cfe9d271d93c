using Azure;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.Splits;

/// <summary>Row plans in storage: <c>runs/{runId}/rows.bin</c> and, for published models, <c>models/{version}/rows.bin</c>. Each is
/// written once.</summary>
public sealed class RowPlanStore(PipelineStorage storage)
{
    /// <summary>The plan of a run, or null if an earlier version planned the run.</summary>
    /// <exception cref="InvalidDataException">The plan is damaged.</exception>
    public Task<RowPlan?> FindOfRunAsync(string runId, CancellationToken cancellationToken) =>
        FindAsync(BlobLayout.Runs, Name(runId), cancellationToken);

    /// <summary>The plan of a published version, or null if an earlier version of the pipeline published it.</summary>
    /// <exception cref="InvalidDataException">The plan is damaged.</exception>
    public Task<RowPlan?> FindOfModelAsync(string version, CancellationToken cancellationToken) =>
        FindAsync(BlobLayout.Models, Name(version), cancellationToken);

    /// <summary>Whether a published version has a plan: whether it is known what the version trained on.</summary>
    public async Task<bool> ExistsOfModelAsync(string version, CancellationToken cancellationToken) =>
        await storage.FindETagAsync(BlobLayout.Models, Name(version), cancellationToken) is not null;

    /// <summary>Writes a run's plan unless it has one. The first plan of a run stands.</summary>
    /// <returns>False if the run has a plan already, or if only the answer to the first write was lost.</returns>
    public Task<bool> TryWriteOfRunAsync(string runId, RowPlan plan, CancellationToken cancellationToken) =>
        WriteOnceAsync(BlobLayout.Runs, Name(runId), BinaryData.FromBytes(RowPlanFile.Write(plan)), cancellationToken);

    /// <summary>Writes the plan of a published version unless it has one.</summary>
    public Task WriteOfModelAsync(string version, RowPlan plan, CancellationToken cancellationToken) =>
        WriteOnceAsync(BlobLayout.Models, Name(version), BinaryData.FromBytes(RowPlanFile.Write(plan)), cancellationToken);

    /// <summary>Copies a run's plan to a version that is about to be published. Does nothing if an earlier version planned the
    /// run.</summary>
    public async Task CopyToModelAsync(string runId, string version, CancellationToken cancellationToken)
    {
        if (await storage.FindContentAsync(BlobLayout.Runs, Name(runId), cancellationToken) is BlobDownloadResult plan)
            await WriteOnceAsync(BlobLayout.Models, Name(version), plan.Content, cancellationToken);
    }

    private async Task<RowPlan?> FindAsync(string container, string name, CancellationToken cancellationToken) =>
        await storage.FindContentAsync(container, name, cancellationToken) is BlobDownloadResult blob
            ? RowPlanFile.Read(blob.Content.ToMemory().Span, $"{container}/{name}")
            : null;

    private async Task<bool> WriteOnceAsync(string container, string name, BinaryData content, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
        };
        try
        {
            await storage.Blob(container, name).UploadAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.IsOvertaken())
        {
            return false;
        }
    }

    private static string Name(string folder) => $"{folder}/{TrainingRunFiles.Rows}";
}
