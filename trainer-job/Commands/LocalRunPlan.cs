using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;
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
        LocalDataset[] validation = await OpenAsync(preparation, options.Validation, TrainCommand.Validation, data, output, cancellationToken);
        LocalDataset[] test = await OpenAsync(preparation, options.Test, TrainCommand.Test, data, output, cancellationToken);
        LocalDataset[] all = [data, .. validation, .. test];
        SharedFraming framing = SharedFraming.Of([data.Manifest], data.Manifest.Schema);
        var request = new TrainingRequest(
            existing?.RunId ?? Path.GetFileName(folder),
            [data.Manifest.DatasetId],
            data.Manifest.Schema,
            PreparedDatasetStore.Fingerprint(data.IsRestated
                ? [data.Manifest.DatasetId, $"mirror {data.Manifest.Schema.MirrorKey}"]
                : [data.Manifest.DatasetId]),
            settings,
            existing?.CreatedAt ?? time.GetUtcNow(),
            Ids(validation),
            Ids(test),
            Framing: framing.Framing);
        if (existing is not null)
            RequireSame(existing, request, options.Output);

        var run = new LocalRunFolder(folder, all
            .DistinctBy(dataset => dataset.Manifest.DatasetId, StringComparer.Ordinal)
            .ToDictionary(dataset => dataset.Manifest.DatasetId, dataset => dataset.Folder, StringComparer.Ordinal));
        if (existing is not null)
            return run;
        RowPlan rows = PlanRows(data, validation, test, output);
        await run.WriteAsync(TrainingRunFiles.Rows, RowPlanFile.Write(rows), cancellationToken);
        await run.WriteDocumentAsync(TrainingRunFiles.Request, request with { Rows = rows.Report() }, cancellationToken);
        return run;
    }

    /// <summary>Makes the folder of a training that did not start free for other settings. One that has a checkpoint stays as it is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="output">Its folder.</param>
    public static async Task AbandonAsync(LocalRunFolder run, string output)
    {
        if (await run.ExistsAsync(TrainingRunFiles.Checkpoint, CancellationToken.None))
            return;
        File.Delete(Path.Combine(output, TrainingRunFiles.Request));
        File.Delete(Path.Combine(output, TrainingRunFiles.Rows));
    }

    private static async Task<LocalDataset> OpenDataAsync(LocalDatasets preparation, TrainOptions options, CancellationToken cancellationToken)
    {
        try
        {
            MirrorStatement? mirror = options.Mirror is null ? null : MirrorStatement.Parse(options.Mirror, TrainCommand.Mirror);
            return await preparation.OpenAsync(options.Data, new DatasetOptions { Mirror = mirror, Frame = options.ReadFrame() }, cancellationToken);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Opens the file of an option. Its columns match those of the data by name, and its pictures are framed as those of the
    /// data.</summary>
    private static async Task<LocalDataset[]> OpenAsync(
        LocalDatasets preparation, string? path, string option, LocalDataset data, TextWriter output, CancellationToken cancellationToken)
    {
        if (path is null)
            return [];
        KeypointSchema schema = data.Manifest.Schema;
        PictureFraming? pictures = data.Manifest.Framing is { } framing ? new PictureFraming(framing, new FrameSize(schema.FrameWidth, schema.FrameHeight)) : null;
        LocalDataset opened = await preparation.OpenAsync(path, new DatasetOptions { Pictures = pictures }, cancellationToken);
        string owner = data.Manifest.Source;
        SchemaRows.RequireAny(opened.Manifest, schema, owner);
        if (SchemaRows.FindDifference(opened.Manifest, schema, owner) is string difference)
            await output.WriteLineAsync($"{option}: {difference}");
        return [opened];
    }

    private static RowPlan PlanRows(LocalDataset data, LocalDataset[] validation, LocalDataset[] test, TextWriter output)
    {
        RowPlan plan = RowPlanner.Plan(
            [KeysOf(data)],
            new TrainedKeys(),
            validation.Length == 0 ? null : [.. validation.Select(KeysOf)],
            test.Length == 0 ? null : [.. test.Select(KeysOf)]);
        RowPlanReport report = plan.Report();
        output.WriteLine(report);
        if (report.Warning is string warning)
            output.WriteLine(warning);
        if (report.ValidationRows == 0)
            output.WriteLine($"No row chooses the epoch: nothing is held out below {RowPlanner.FewestRows} rows. {TrainCommand.Validation} takes a file for that.");
        return plan;
    }

    private static DatasetKeys KeysOf(LocalDataset dataset)
    {
        using PreparedDataset opened = PreparedDataset.Open(dataset.Folder);
        return DatasetKeys.Read(opened);
    }

    private static string[]? Ids(LocalDataset[] datasets) =>
        datasets.Length == 0 ? null : [.. datasets.Select(dataset => dataset.Manifest.DatasetId)];

    private static async Task<string> OccupiedAsync(LocalRunFolder folder, TrainOptions options, CancellationToken cancellationToken) =>
        await folder.ExistsAsync(TrainingRunFiles.Result, cancellationToken)
            ? $"{options.Output} holds a finished training. Choose another {TrainerCommandLine.Output}, or delete that folder."
            : $"{options.Output} holds an unfinished training. Add {TrainerCommandLine.Resume} to continue it, or choose another {TrainerCommandLine.Output}.";

    private static void RequireSame(TrainingRequest existing, TrainingRequest request, string output)
    {
        string? difference =
            existing.Settings != request.Settings ? $"was started with {existing.Settings}, not with {request.Settings}"
            : existing.Schema.MirrorKey != request.Schema.MirrorKey
                ? $"was started with other mirror pairs ({existing.Schema.Mirror}; not {request.Schema.Mirror})"
            : (existing.Schema.FrameWidth, existing.Schema.FrameHeight) != (request.Schema.FrameWidth, request.Schema.FrameHeight)
                ? $"was started with frames of {existing.Schema.FrameWidth}×{existing.Schema.FrameHeight}; not {request.Schema.FrameWidth}×{request.Schema.FrameHeight}"
            : !existing.DatasetIds.SequenceEqual(request.DatasetIds) ? $"was started with other {TrainCommand.Data}"
            : !(existing.ValidationDatasetIds ?? []).SequenceEqual(request.ValidationDatasetIds ?? [])
                ? $"was started with another {TrainCommand.Validation}"
            : !(existing.TestDatasetIds ?? []).SequenceEqual(request.TestDatasetIds ?? []) ? $"was started with another {TrainCommand.Test}"
            : null;
        if (difference is not null)
            throw new InvalidDataException($"The training in {output} {difference}. Use the same options again, or choose another {TrainerCommandLine.Output}.");
    }
}
