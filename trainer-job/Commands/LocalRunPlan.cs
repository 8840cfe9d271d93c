using KeypointPipeline.Datasets;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Sets up a run on plain files: prepares the data below the output folder, and writes the request, or checks the one there.</summary>
internal static class LocalRunPlan
{
    /// <summary>Leaves a folder that <see cref="TrainingRunner"/> can carry out.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="output">Where to say what was read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidDataException">The data cannot be used, or the folder holds a run that is not to be overwritten; the
    /// message says what to do.</exception>
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

        var preparation = new LocalDatasets(Path.Combine(folder, "prepared"), output, time);
        LocalDataset data = await preparation.OpenAsync(options.Data, cancellationToken);
        LocalDataset? validation = options.Validation is null ? null : await preparation.OpenAsync(options.Validation, cancellationToken);
        var request = new TrainingRequest(
            existing?.RunId ?? Path.GetFileName(folder),
            [data.Manifest.DatasetId],
            data.Manifest.Schema,
            PreparedDatasetStore.Fingerprint([data.Manifest.DatasetId]),
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

    private static async Task<string> OccupiedAsync(LocalRunFolder folder, TrainOptions options, CancellationToken cancellationToken) =>
        await folder.ExistsAsync(TrainingRunFiles.Result, cancellationToken)
            ? $"{options.Output} holds a finished training. Choose another --out, or delete that folder."
            : $"{options.Output} holds an unfinished training. Add --resume to go on with it, or choose another --out.";

    private static void RequireSame(TrainingRequest existing, TrainingRequest request, string output)
    {
        string? difference =
            existing.Settings != request.Settings ? $"was started with {existing.Settings}, and now {request.Settings} is asked for"
            : !existing.DatasetIds.SequenceEqual(request.DatasetIds) ? "was started on other data than --data names now"
            : !(existing.ValidationDatasetIds ?? []).SequenceEqual(request.ValidationDatasetIds ?? [])
                ? "was started with another --validation than now"
            : null;
        if (difference is not null)
            throw new InvalidDataException($"The training in {output} {difference}. Ask for the same, or choose another --out.");
    }
}
