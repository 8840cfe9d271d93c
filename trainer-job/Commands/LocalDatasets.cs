using System.Text.Json;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Turns the files that people name on the command line into prepared datasets.</summary>
/// <param name="folder">Folder for prepared datasets. Each gets a folder named by its id.</param>
/// <param name="output">Receives lines about the files that were read.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalDatasets(string folder, TextWriter output, TimeProvider time)
{
    private const int ProblemsShown = 5;

    /// <summary>Prepares a labelled file or folder, or opens a prepared folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">What the user states.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <exception cref="InvalidDataException">The file cannot be used; the message says why.</exception>
    public async Task<LocalDataset> OpenAsync(string path, DatasetOptions options, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(path, PreparedDatasetFiles.Manifest)))
            return Restated(new LocalDataset(path, ReadManifest(path)), options);

        string partial = Path.Combine(folder, $"{Guid.NewGuid():N}.partial");
        PreparationOutcome outcome = await new DatasetPreparation(time).PrepareLocalAsync(
            path, partial, options, progress: null, cancellationToken);
        Say(outcome.Report);
        if (!outcome.Accepted)
            throw new InvalidDataException($"{path} cannot be used: {outcome.Report.Rejection}");

        string prepared = Path.Combine(folder, outcome.Manifest.DatasetId);
        if (Directory.Exists(prepared))
            Directory.Delete(partial, recursive: true);
        else
            Directory.Move(partial, prepared);
        await File.WriteAllTextAsync(
            $"{prepared}.report.json", JsonSerializer.Serialize(outcome.Report, PipelineJson.Indented), cancellationToken);
        return new LocalDataset(prepared, outcome.Manifest);
    }

    private static LocalDataset Restated(LocalDataset prepared, DatasetOptions options)
    {
        KeypointSchema own = prepared.Manifest.Schema;
        var frame = new FrameSize(own.FrameWidth, own.FrameHeight);
        if (options.Frame is not null && options.Frame != frame)
            throw new InvalidDataException($"{prepared.Folder} is prepared with frames of {frame}. Prepare its labelled file again for {options.Frame}.");
        if (options.Mirror is not { } mirror)
            return prepared;
        KeypointSchema schema = own.WithMirror(mirror.Apply(own.Names));
        return prepared with { Manifest = prepared.Manifest with { Schema = schema }, IsRestated = true };
    }

    private static DatasetManifest ReadManifest(string path)
    {
        using PreparedDataset dataset = PreparedDataset.Open(path);
        return dataset.Manifest;
    }

    private void Say(DatasetReport report)
    {
        output.WriteLine($"{report.Source}: {report.RowsAccepted:N0} of {report.RowsIn:N0} rows used, {report.RowsRejected:N0} rejected");
        if (report.MirrorNote is string mirror)
            output.WriteLine($"  {mirror}");
        foreach (string guess in report.Guessed)
            output.WriteLine($"  guessed: {guess}");
        foreach (string warning in report.Warnings)
            output.WriteLine($"  {warning}");
        foreach (RowProblem problem in report.Problems.Take(ProblemsShown))
            output.WriteLine($"  {problem.Message}");
        if (report.RowsRejected > ProblemsShown)
            output.WriteLine($"  … the whole list is in {Path.Combine(folder, "*.report.json")}");
    }
}

/// <summary>A prepared dataset on this machine.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="IsRestated">Whether it was prepared earlier and its mirror pairs were stated now, so that its id does not contain
/// them.</param>
internal sealed record LocalDataset(string Folder, DatasetManifest Manifest, bool IsRestated = false);
