using Azure.Storage.Blobs.Models;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Engine.Journal;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Chaos.Tests;

/// <summary>Reads the outcome of a data folder: its storage while the host runs, its journal once it has ended.</summary>
internal sealed class OutcomeReader(string home, IReadOnlyList<DroppedItem> drops)
{
    /// <summary>Files with times and numbers of starts, which differ between runs.</summary>
    private static readonly string[] TrainersOwn =
        [TrainingRunFiles.Status, TrainingRunFiles.Metrics, TrainingRunFiles.Log, TrainingRunFiles.Ends, TrainingRunFiles.Checkpoint, TrainingRunFiles.Lock];

    private readonly SortedDictionary<string, string> _blobs = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private RunsOwn? _own;

    /// <summary>Reads every blob and follows the champion pointer to its model.</summary>
    public async Task ReadStorageAsync(PipelineStorage storage, CancellationToken cancellationToken)
    {
        _own = await RunsOwn.ReadAsync(storage, drops, cancellationToken);
        foreach (string container in BlobLayout.Containers)
        {
            if (container == BlobLayout.Handled)
            {
                await ReadRecordsAsync(storage, cancellationToken);
                continue;
            }

            await foreach (BlobItem blob in storage.Container(container).GetBlobsAsync(cancellationToken: cancellationToken))
            {
                if (IsRunsOwn(container, blob.Name))
                    continue;
                BlobDownloadResult content = await storage.Blob(container, blob.Name).DownloadContentAsync(cancellationToken);
                _blobs.Add(_own.Hide($"{container}/{blob.Name}"), _own.Hash(blob.Name, content.Content));
            }
        }

        await CheckChampionAsync(new ModelRegistry(storage, TimeProvider.System), cancellationToken);
    }

    /// <summary>Reads every workflow instance and returns the outcome.</summary>
    public ChaosOutcome ReadJournal()
    {
        RunsOwn own = _own ?? throw new InvalidOperationException("Read the storage first.");
        var journal = new JournalFile(new LocalHostFiles(home).Journal);
        IReadOnlyList<WorkflowStatus> instances = new JournalQueries(journal).List(new WorkflowQuery(Top: int.MaxValue));
        string integrity = CheckIntegrity(journal);
        journal.ReleaseReaders();
        if (integrity != "ok")
            _faults.Add($"the journal is damaged: {integrity}");
        foreach (DroppedItem drop in drops)
        {
            WorkflowStatus[] outcomes = [.. instances.Where(instance => IsOf(drop, instance))];
            if (outcomes is not [{ RuntimeStatus: WorkflowRuntimeStatus.Completed }])
                _faults.Add($"{drop.Name} must have one completed instance, but has: {string.Join(", ", outcomes.Select(outcome => $"{outcome.InstanceId} {outcome.RuntimeStatus}"))}");
        }

        return new ChaosOutcome(
            _blobs, instances.Select(i => own.Hide($"{i.Name} {i.InstanceId} {i.RuntimeStatus} {i.Output}")).ToHashSet(), _faults);
    }

    /// <summary>Records are named after ETags, which differ between runs. What counts is that every drop has one.</summary>
    private async Task ReadRecordsAsync(PipelineStorage storage, CancellationToken cancellationToken)
    {
        foreach (string container in (string[])[BlobLayout.Datasets, BlobLayout.Images])
        {
            await foreach (BlobItem blob in storage.ListAsync(BlobLayout.Handled, $"{container}/", cancellationToken))
            {
                var record = await storage.ReadAsync<HandledDrop>(BlobLayout.Handled, blob.Name, cancellationToken);
                _blobs[$"record of {record!.Value.Blob}"] = "";
            }
        }
    }

    /// <summary>Whether a blob differs between runs, or stays after a killed attempt until <c>Reconcile</c> deletes it a day
    /// later.</summary>
    private static bool IsRunsOwn(string container, string name) => container switch
    {
        BlobLayout.Runs => TrainersOwn.Contains(name[(name.LastIndexOf('/') + 1)..]),
        BlobLayout.Prepared => name.StartsWith(BlobLayout.PreparedIncoming, StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsOf(DroppedItem drop, WorkflowStatus instance) => drop.Kind switch
    {
        DroppedKind.Dataset => instance.Name == nameof(IngestDataset) && instance.Input?.GetProperty("path").GetString() == drop.Name,
        _ => instance.Name == nameof(InferBatch) && instance.Input?.GetProperty("batch").GetString() == drop.Name,
    };

    private static string CheckIntegrity(JournalFile journal)
    {
        using SqliteConnection connection = journal.OpenForReading();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }

    private async Task CheckChampionAsync(ModelRegistry registry, CancellationToken cancellationToken)
    {
        ChampionPointer? champion = await registry.GetChampionAsync(cancellationToken);
        foreach (string? version in new[] { champion?.Version, champion?.PreviousVersion })
        {
            string file = Path.Combine(home, "champion.onnx");
            try
            {
                if (version is not null)
                    await registry.DownloadAsync(version, file, cancellationToken); // compares its hash with the manifest's
            }
            catch (Exception e) when (e is ModelNotFoundException or InvalidDataException or Azure.RequestFailedException)
            {
                _faults.Add($"the champion pointer names {version}: {e.Message}");
            }
            finally
            {
                File.Delete(file);
            }
        }
    }
}
