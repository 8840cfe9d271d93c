using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Erasure;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Steps.Ingest;

/// <summary>Validates a dropped file or folder and prepares it for training: writes <c>prepared/{datasetId}/</c> and
/// <c>reports/{datasetId}.json</c>, then puts the dataset in force for its path. A file that cannot be used is copied to
/// <c>rejected/</c>, with its report beside it; of a folder there is only the report. A table in a folder that needs the files beside it
/// waits for the folder's marker.</summary>
public sealed class PrepareDataset(
    PipelineStorage storage, PreparedDatasetStore prepared, DatasetPaths paths, DatasetErasure erasure, DatasetPreparation preparation)
    : Step<PrepareDatasetInput, PrepareDatasetOutput>
{
    /// <summary>How workflows call it.</summary>
    public static StepRef<PrepareDatasetInput, PrepareDatasetOutput> Ref { get; } = new(nameof(PrepareDataset), StepRetry.Default);

    /// <inheritdoc/>
    public override async Task<PrepareDatasetOutput> RunAsync(PrepareDatasetInput input, CancellationToken cancellationToken)
    {
        if (await storage.FindPropertiesAsync(BlobLayout.Datasets, DatasetPath.BlobOf(input.Path), cancellationToken) is not BlobProperties found
            || !BlobETag.Same(found.ETag.ToString(), input.ETag))
        {
            return new PrepareDatasetOutput(null, 0, 0, $"{input.Path} was replaced or deleted before it was read. A newer upload has its own instance.");
        }

        var sidecar = new BlobSidecar(storage, input.Path);
        var dropped = new DroppedDataset(storage, input.Path, found, sidecar);
        var options = new DatasetOptions { ErasedGroups = await erasure.ListErasedGroupsAsync(input.Path, cancellationToken) };
        await using PreparedUpload upload = prepared.StartUpload();
        PreparationOutcome outcome = await dropped.PrepareAsync(preparation, upload, options, cancellationToken);
        if (await sidecar.HasChangedAsync(cancellationToken))
            return new PrepareDatasetOutput(null, 0, 0, $"{input.Path}{SidecarFile.Ending} was replaced while the dataset was prepared. The newer one has its own instance.");
        // A table that was a dataset by itself before is a mistake.
        if (!outcome.Accepted && await dropped.FindWhatItWaitsForAsync(cancellationToken) is string waiting
            && (await paths.FindAsync(input.Path, cancellationToken))?.DatasetId is null)
        {
            return new PrepareDatasetOutput(null, 0, 0, waiting, Waits: true);
        }

        if (!outcome.Accepted)
        {
            await KeepAsync(dropped, outcome.Report, cancellationToken);
            await erasure.DiscardErasedAsync(input.Path, input.ETag, datasetId: null, cancellationToken);
            return Refused(outcome.Report, outcome.Report.Rejection!);
        }

        string datasetId = outcome.Manifest.DatasetId;
        await paths.RegisterAsync(input.Path, cancellationToken);
        await storage.WriteAsync(BlobLayout.Reports, $"{datasetId}.json", outcome.Report, cancellationToken);
        await upload.PublishAsync(cancellationToken);
        if (!await paths.PutInForceAsync(input.Path, datasetId, input.ETag, cancellationToken))
        {
            await erasure.DiscardErasedAsync(input.Path, input.ETag, datasetId, cancellationToken);
            return Refused(outcome.Report, $"{input.Path} was replaced, deleted or withdrawn while it was prepared. A newer upload has its own instance.");
        }

        return await CheckErasuresAsync(input.Path, outcome, upload, cancellationToken);
    }

    /// <summary>Repairs what erasures did between the reading of the file and its coming into force. They see it from now on.</summary>
    private async Task<PrepareDatasetOutput> CheckErasuresAsync(
        string path, PreparationOutcome outcome, PreparedUpload upload, CancellationToken cancellationToken)
    {
        DatasetReport report = outcome.Report;
        await upload.PublishAsync(cancellationToken);
        IReadOnlyList<GroupRows> removed = await erasure.RemoveErasedGroupsAsync(path, cancellationToken);
        var accepted = new PrepareDatasetOutput(
            outcome.Manifest!.DatasetId, report.RowsAccepted, report.RowsRejected, null, report.Mirror?.Summary);
        if (removed.Count == 0)
            return accepted;
        return (await paths.FindAsync(path, cancellationToken))?.InForce is DatasetInForce left
            ? accepted with { DatasetId = left.DatasetId, RowsAccepted = report.RowsAccepted - removed.Sum(group => group.Rows) }
            : Refused(report, $"Every usable row of {path} belongs to an erased group.");
    }

    private static PrepareDatasetOutput Refused(DatasetReport report, string reason) =>
        new(null, report.RowsAccepted, report.RowsRejected, reason);

    private async Task KeepAsync(DroppedDataset dropped, DatasetReport report, CancellationToken cancellationToken)
    {
        // A file with rows of erased groups is not copied again, and a folder's files stay where they are.
        if (report.Erased == 0 && !DatasetPath.IsFolder(dropped.Path))
        {
            await using Stream content = await dropped.OpenAsync(cancellationToken);
            await storage.Blob(BlobLayout.Rejected, dropped.Path).UploadAsync(content, overwrite: true, cancellationToken);
        }

        await storage.WriteAsync(BlobLayout.Rejected, dropped.Path + BlobLayout.RejectionReportEnding, report, cancellationToken);
    }
}

/// <summary>The input of <see cref="PrepareDataset"/>.</summary>
/// <param name="Path">The dataset's path (<see cref="DatasetPath"/>).</param>
/// <param name="ETag">Its content, as in the event.</param>
public sealed record PrepareDatasetInput(string Path, string ETag);

/// <summary>The output of <see cref="PrepareDataset"/>: the dataset is accepted with an id or rejected with a reason.</summary>
/// <param name="DatasetId">Its id, or null if it is rejected.</param>
/// <param name="RowsAccepted">Rows that can be used.</param>
/// <param name="RowsRejected">Bad rows: they are skipped and reported.</param>
/// <param name="Reason">Why it is rejected, or null.</param>
/// <param name="Mirror">Its mirror pairs in words. Null if it is rejected, or in histories of earlier versions.</param>
/// <param name="Waits">Whether it is not rejected but waits for the marker of its folder. The reason says so.</param>
public sealed record PrepareDatasetOutput(
    string? DatasetId, long RowsAccepted, long RowsRejected, string? Reason, string? Mirror = null, bool Waits = false);
