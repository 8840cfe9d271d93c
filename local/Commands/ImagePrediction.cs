using KeypointPipeline.Errors;
using KeypointPipeline.Images;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints predict --images</c>: predicts a folder or zip of images, or one image and writes coordinates, a report and overlays.</summary>
internal static class ImagePrediction
{
    public static async Task<int> RunAsync(FileInfo modelFile, string images, DirectoryInfo output, CancellationToken cancellationToken)
    {
        using KeypointModel model = KeypointModel.Open(modelFile.FullName);
        using ImageSet set = await ImageSet.OpenAsync(images, cancellationToken);
        if (set.Emptiness is string reason)
            throw new CommandException(reason);
        DateTimeOffset started = TimeProvider.System.GetUtcNow();
        var store = new FolderResultStore(output.FullName);
        await using StagedFile lines = store.Create("images.partial");
        var predictor = new ChunkPredictor(model, new ImageDecoder(), store, set.Images.Count);
        await ConsoleProgress.RunAsync(
            "predicting", progress => predictor.PredictAsync(set.Images, firstIndex: 0, lines.Stream, progress, cancellationToken));

        var run = new BatchRun(
            Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(images))),
            modelFile.Name,
            model.Schema,
            started,
            model.Metadata.Gaps,
            set.PassedOver);
        BatchSummary summary = await new ResultsMerger(store, TimeProvider.System).MergeAsync(run, [lines.ReadBackAsync], cancellationToken);

        AnsiConsole.WriteLine($"{summary.Succeeded} of {summary.Images} images predicted in {summary.Seconds:0.0} s"
            + (summary.Failed > 0 ? $"; {summary.Failed} could not be read: {Path.Combine(output.FullName, ResultFiles.Errors)}" : ""));
        if (set.PassedOver is { } others)
            AnsiConsole.WriteLine(others.Describe());
        foreach (string gap in model.Metadata.Gaps.Describe(model.HasUncertainty))
            AnsiConsole.WriteLine(gap);
        AnsiConsole.WriteLine($"Look at {Path.Combine(output.FullName, ResultFiles.Report)}");
        if (model.HasUncertainty && summary.Succeeded > 0)
            AnsiConsole.WriteLine($"Label the first images of {Path.Combine(output.FullName, ResultFiles.LabelNext)} next");
        return summary.Succeeded > 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}
