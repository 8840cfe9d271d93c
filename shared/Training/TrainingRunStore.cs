using System.Text.Json;
using Azure;
using KeypointPipeline.Errors;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Training;

/// <summary>A run's folder <c>runs/{runId}/</c> as workflows use it.</summary>
public sealed class TrainingRunStore(PipelineStorage storage)
{
    /// <summary>A host that restarts every minute must not fill storage.</summary>
    private const int MostEnds = 1000;

    /// <summary>The request of a run, or null.</summary>
    public async Task<TrainingRequest?> FindRequestAsync(string runId, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<TrainingRequest>(BlobLayout.Runs, Name(runId, TrainingRunFiles.Request), cancellationToken))?.Value;

    /// <summary>The request of a planned run.</summary>
    /// <exception cref="InvalidOperationException">The run was never planned.</exception>
    public async Task<TrainingRequest> GetRequestAsync(string runId, CancellationToken cancellationToken) =>
        await FindRequestAsync(runId, cancellationToken)
        ?? throw new InvalidOperationException($"Run '{runId}' has no {TrainingRunFiles.Request}.");

    /// <summary>Writes the request unless it exists.</summary>
    public Task WriteRequestAsync(TrainingRequest request, CancellationToken cancellationToken) =>
        storage.TryReplaceAsync(
            BlobLayout.Runs, Name(request.RunId, TrainingRunFiles.Request), request, expected: null, cancellationToken);

    /// <summary>The newest heartbeat of the trainer, or null before the first.</summary>
    public async Task<TrainingStatus?> FindStatusAsync(string runId, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<TrainingStatus>(BlobLayout.Runs, Name(runId, TrainingRunFiles.Status), cancellationToken))?.Value;

    /// <summary>Gets whether a text can be the id of a run.</summary>
    public static bool IsId(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return !text.Contains('/', StringComparison.Ordinal) && BlobName.FindProblem(text) is null;
    }

    /// <summary>The epochs so far, in order. An epoch that ran again after a restart counts once, as it ran last. Lines that this version
    /// cannot read are passed over.</summary>
    public async Task<IReadOnlyList<EpochMetrics>> ListMetricsAsync(string runId, CancellationToken cancellationToken)
    {
        if (await storage.FindContentAsync(BlobLayout.Runs, Name(runId, TrainingRunFiles.Metrics), cancellationToken) is not { } content)
            return [];
        var epochs = new SortedDictionary<int, EpochMetrics>();
        foreach (string line in content.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                EpochMetrics epoch = PipelineJson.Read<EpochMetrics>(line);
                epochs[epoch.Epoch] = epoch;
            }
            catch (JsonException)
            {
                // The trainer writes whole lines; another version may write others.
            }
        }

        return [.. epochs.Values];
    }

    /// <summary>The newest lines of the trainer's log, oldest first. Empty before the first, and in runs of earlier versions.</summary>
    public async Task<IReadOnlyList<string>> ListLogAsync(string runId, CancellationToken cancellationToken) =>
        await storage.FindContentAsync(BlobLayout.Runs, Name(runId, TrainingRunFiles.Log), cancellationToken) is { } content
            ? content.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [];

    /// <summary>The trainers that ended before the run was done, oldest first.</summary>
    public async Task<IReadOnlyList<TrainerEnd>> ListEndsAsync(string runId, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<List<TrainerEnd>>(BlobLayout.Runs, Name(runId, TrainingRunFiles.Ends), cancellationToken))?.Value ?? [];

    /// <summary>Records that a trainer ended before the run was done. A trainer is recorded once, however often this is called.</summary>
    public async Task AddEndAsync(string runId, TrainerEnd end, CancellationToken cancellationToken)
    {
        IReadOnlyList<TrainerEnd> before = await ListEndsAsync(runId, cancellationToken);
        if (before.Any(other => other.LaunchedAt == end.LaunchedAt))
            return;
        await storage.WriteAsync(
            BlobLayout.Runs, Name(runId, TrainingRunFiles.Ends), before.Append(end).TakeLast(MostEnds).ToList(), cancellationToken);
    }

    /// <summary>The completion marker, or null.</summary>
    public async Task<TrainingResult?> FindResultAsync(string runId, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<TrainingResult>(BlobLayout.Runs, Name(runId, TrainingRunFiles.Result), cancellationToken))?.Value;

    /// <summary>Downloads the model of a completed run.</summary>
    /// <returns>The trainer's result.</returns>
    /// <exception cref="InvalidOperationException">The run is not completed.</exception>
    /// <exception cref="InvalidDataException">The blob's hash differs from the one that the trainer reported.</exception>
    public async Task<TrainingResult> DownloadModelAsync(string runId, string path, CancellationToken cancellationToken)
    {
        TrainingResult result = await FindResultAsync(runId, cancellationToken)
            ?? throw new InvalidOperationException($"Run '{runId}' has no {TrainingRunFiles.Result}.");
        using Response response = await storage.Blob(BlobLayout.Runs, Name(runId, TrainingRunFiles.Model))
            .DownloadToAsync(path, cancellationToken);
        string hash = await ContentHash.OfFileAsync(path, cancellationToken);
        return hash == result.ModelSha256
            ? result
            : throw new InvalidDataException($"{ModelBlob(runId)} has SHA-256 {hash}, but its {TrainingRunFiles.Result} says {result.ModelSha256}.");
    }

    /// <summary>The name of a run's model in messages.</summary>
    public static string ModelBlob(string runId) => $"{BlobLayout.Runs}/{Name(runId, TrainingRunFiles.Model)}";

    /// <summary>Asks a running trainer to save and stop, or withdraws that request.</summary>
    public Task SetStopAsync(string runId, bool stop, CancellationToken cancellationToken)
    {
        var blob = storage.Blob(BlobLayout.Runs, Name(runId, TrainingRunFiles.Stop));
        return stop
            ? blob.UploadAsync(BinaryData.Empty, overwrite: true, cancellationToken)
            : blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Remembers that a run failed because of its data and settings.</summary>
    /// <param name="runId">The run. Nothing is remembered of one that was never planned.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task RememberFailureAsync(string runId, string error, CancellationToken cancellationToken)
    {
        if (await FindRequestAsync(runId, cancellationToken) is not TrainingRequest request)
            return;
        var failure = new TrainingFailure(runId, error, request.DataFingerprint, request.Settings, ProgramVersion.Current);
        await storage.WriteAsync(
            BlobLayout.Runs, TrainingFailure.BlobName(request.DataFingerprint, request.Settings), failure, cancellationToken);
    }

    /// <summary>Forgets an earlier failure of a run's data and settings, because the run did not fail.</summary>
    public async Task ForgetFailureAsync(string runId, CancellationToken cancellationToken)
    {
        if (await FindRequestAsync(runId, cancellationToken) is TrainingRequest request)
        {
            await storage.Blob(BlobLayout.Runs, TrainingFailure.BlobName(request.DataFingerprint, request.Settings))
                .DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
    }

    /// <summary>Finds what this version of the pipeline remembers of a failed training on the same data with the same settings. Returns
    /// null if there is none.</summary>
    public async Task<TrainingFailure?> FindFailureAsync(
        string dataFingerprint, TrainingSettings settings, CancellationToken cancellationToken) =>
        (await storage.ReadAsync<TrainingFailure>(
            BlobLayout.Runs, TrainingFailure.BlobName(dataFingerprint, settings), cancellationToken))?.Value is { } failure
        && failure.CodeVersion == ProgramVersion.Current
            ? failure
            : null;

    private static string Name(string runId, string file) => $"{runId}/{file}";
}
