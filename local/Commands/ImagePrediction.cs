using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints predict --images</c>: a folder or zip of images gives coordinates, a report and overlays.</summary>
internal static class ImagePrediction
{
    public static async Task<int> RunAsync(FileInfo modelFile, string images, DirectoryInfo output, CancellationToken cancellationToken)
    {
        using KeypointModel model = KeypointModel.Open(modelFile.FullName);
        using ImageFolder folder = ImageFolder.Open(images);
        DateTimeOffset started = TimeProvider.System.GetUtcNow();
        var store = new FolderResultStore(output.FullName);
        var sample = new OverlaySample(folder.Images.Count);
        await using StagedFile lines = store.Create("images.partial");
        var writer = new ChunkWriter(lines.Stream, store, model.Schema, sample);
        var predictor = new ImageSetPredictor(model, new ImageDecoder());
        await ConsoleProgress.RunAsync("predicting", async report =>
        {
            await foreach (PredictedImage image in predictor.PredictAsync(
                folder.Images.ToAsyncEnumerable(), firstIndex: 0, sample.HasOverlay, cancellationToken))
            {
                using (image)
                    await writer.WriteAsync(image, cancellationToken);
                report.Report((double)(image.Index + 1) / folder.Images.Count);
            }
        });

        var run = new BatchRun(
            Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(images))),
            modelFile.Name,
            model.Schema,
            started);
        await lines.Stream.FlushAsync(cancellationToken);
        lines.Stream.Position = 0;
        BatchSummary summary = await new ResultsMerger(store, TimeProvider.System).MergeAsync(
            run, [_ => Task.FromResult(lines.Stream)], cancellationToken);

        AnsiConsole.WriteLine($"{summary.Succeeded} of {summary.Images} images predicted in {summary.Seconds:0.0} s"
            + (summary.Failed > 0 ? $"; {summary.Failed} could not be read: {Path.Combine(output.FullName, ResultFiles.Errors)}" : ""));
        AnsiConsole.WriteLine($"Look at {Path.Combine(output.FullName, ResultFiles.Report)}");
        if (model.HasUncertainty && summary.Succeeded > 0)
            AnsiConsole.WriteLine($"Label next what stands first in {Path.Combine(output.FullName, ResultFiles.LabelNext)}");
        return 0;
    }
}
