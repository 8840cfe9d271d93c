using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Sets up a training on plain files: prepares the data inside the output folder, then writes the request or checks the existing one.</summary>
internal static class LocalRunPlan
{
    /// <summary>The folder of prepared datasets inside the output folder.</summary>
    public const string PreparedFolder = "prepared";

    /// <summary>Makes a folder ready for <see cref="TrainingRunner"/>.</summary>
    /// <param name="options">The user's options.</param>
    /// <param name="output">Receives lines about the files that were read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <exception cref="InvalidDataException">The data cannot be used, or the folder holds another training; the message says what to
    /// do.</exception>
    public static async Task<LocalRunFolder> PrepareAsync(
        TrainOptions options, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateDirectory(options.Output).FullName;
        var emptyFolder = new LocalRunFolder(folder, new Dictionary<string, string>(StringComparer.Ordinal));
        TrainingRequest? existing = await emptyFolder.ReadDocumentAsync<TrainingRequest>(TrainingRunFiles.Request, cancellationToken);
        if (existing is not null && !options.Resume)
            throw new InvalidDataException(await OccupiedAsync(emptyFolder, options, cancellationToken));

        TrainingSettings settings = options.Over(existing?.Settings ?? new TrainingSettings());
        settings.Validate();
        NetworkRegistry.Find(settings.Network);

        var preparation = new LocalDatasets(Path.Combine(folder, PreparedFolder), output, time);
        LocalDataset data = await OpenDataAsync(preparation, options, cancellationToken);
        LocalDataset? validation = options.Validation is null ? null : await preparation.OpenAsync(options.Validation, mirror: null, cancellationToken);
        var request = new TrainingRequest(
            existing?.RunId ?? Path.GetFileName(folder),
            [data.Manifest.DatasetId],
            data.Manifest.Schema,
            PreparedDatasetStore.Fingerprint(Directory.Exists(options.Data) && options.Mirror is not null
                ? [data.Manifest.DatasetId, $"mirror {data.Manifest.Schema.MirrorKey}"]
                : [data.Manifest.DatasetId]),
            settings,
            existing?.CreatedAt ?? time.GetUtcNow(),
            validation is null ? null : [validation.Manifest.DatasetId]);
        if (existing is not null)
            RequireSame(existing, request, options.Output);

        var run = new LocalRunFolder(folder, new[] { data, validation ?? data }
            .DistinctBy(dataset => dataset.Manifest.DatasetId, StringComparer.Ordinal)
            .ToDictionary(dataset => dataset.Manifest.DatasetId, dataset => dataset.Folder, StringComparer.Ordinal));
        if (existing is null)
            await run.WriteDocumentAsync(TrainingRunFiles.Request, request, cancellationToken);
        return run;
    }

    private static async Task<LocalDataset> OpenDataAsync(LocalDatasets preparation, TrainOptions options, CancellationToken cancellationToken)
    {
        try
        {
            MirrorStatement? mirror = options.Mirror is null ? null : MirrorStatement.Parse(options.Mirror, TrainCommand.Mirror);
            return await preparation.OpenAsync(options.Data, mirror, cancellationToken);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static async Task<string> OccupiedAsync(LocalRunFolder folder, TrainOptions options, CancellationToken cancellationToken) =>
        await folder.ExistsAsync(TrainingRunFiles.Result, cancellationToken)
            ? $"{options.Output} holds a finished training. Choose another {TrainerCommandLine.Output}, or delete that folder."
            : $"{options.Output} holds an unfinished training. Add {TrainCommand.Resume} to continue it, or choose another {TrainerCommandLine.Output}.";

    private static void RequireSame(TrainingRequest existing, TrainingRequest request, string output)
    {
        string? difference =
            existing.Settings != request.Settings ? $"was started with {existing.Settings}, not with {request.Settings}"
            : existing.Schema.MirrorKey != request.Schema.MirrorKey
                ? $"was started with other mirror pairs ({existing.Schema.Mirror}; not {request.Schema.Mirror})"
            : !existing.DatasetIds.SequenceEqual(request.DatasetIds) ? $"was started with other {TrainCommand.Data}"
            : !(existing.ValidationDatasetIds ?? []).SequenceEqual(request.ValidationDatasetIds ?? [])
                ? $"was started with another {TrainCommand.Validation}"
            : null;
        if (difference is not null)
            throw new InvalidDataException($"The training in {output} {difference}. Use the same options again, or choose another {TrainerCommandLine.Output}.");
    }
}
