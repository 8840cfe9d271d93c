using KeypointPipeline.Errors;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints predict --images</c>: predicts a folder or zip of images, or one image and writes coordinates, a report and overlays.</summary>
internal static class ImagePrediction
{
    public static async Task<int> RunAsync(
        FileInfo modelFile, string images, string? boxes, FinderKind? finder, DirectoryInfo output, CancellationToken cancellationToken)
    {
        using KeypointModel model = KeypointModel.Open(modelFile.FullName);
        using ImageSet set = await ImageSet.OpenAsync(images, cancellationToken);
        if (set.Emptiness is string reason)
            throw new CommandException(reason);
        PlacedImages placed = await PlacedImages.OfAsync(set, model, boxes, cancellationToken);
        DateTimeOffset started = TimeProvider.System.GetUtcNow();
        var run = new BatchRun(
            Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(images))),
            modelFile.Name,
            model.Schema,
            started,
            model.Metadata.Gaps,
            placed.PassedOver)
        {
            Finder = finder ?? placed.Finder ?? model.Metadata.Finder,
            HasGate = model.Metadata.Gate is not null,
            Notes = placed.Notes,
        };
        using var finders = new Finders();
        var prediction = new FolderPrediction(
            model, new ImageDecoder(), finders, new FolderResultStore(output.FullName), TimeProvider.System, BatchShape.Default.ImagesPerSection);
        BatchSummary summary = null!;
        await ConsoleProgress.RunAsync(
            "predicting", async progress => summary = await prediction.PredictAsync(run, placed.Images, progress, cancellationToken));

        string counted = summary.Instances is int instances && instances != summary.Succeeded ? $", {instances:N0} instances," : "";
        AnsiConsole.WriteLine($"{summary.Succeeded} of {summary.Images} images{counted} predicted in {summary.Seconds:0.0} s"
            + (summary.Failed > 0 ? $"; {Failures(summary)}: {Path.Combine(output.FullName, summary.Tables?[0].Errors ?? ResultFiles.Errors)}" : ""));
        if (summary.Tables is { Count: var parts })
            AnsiConsole.WriteLine($"Each table has {parts:N0} parts, {summary.Tables[0].Csv} to {summary.Tables[^1].Csv}; {ResultFiles.Summary} lists them");
        if (placed.PassedOver is { } others)
            AnsiConsole.WriteLine(others.Describe());
        foreach (string note in summary.Notes ?? [])
            AnsiConsole.WriteLine(note);
        foreach (string gap in model.Metadata.Gaps.Describe(model.HasUncertainty))
            AnsiConsole.WriteLine(gap);
        AnsiConsole.WriteLine($"Look at {Path.Combine(output.FullName, ResultFiles.Report)}");
        if (model.HasUncertainty && summary.Succeeded > 0)
            AnsiConsole.WriteLine($"Label the first images of {Path.Combine(output.FullName, ResultFiles.LabelNext)} next");
        return summary.Succeeded > 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static string Failures(BatchSummary summary)
    {
        int unread = summary.Failed - (summary.WithoutFace ?? 0);
        string[] parts = [.. summary.WithoutFace is int without ? [$"no face was found in {without}"] : (string[])[], .. unread > 0 ? [$"{unread} could not be read"] : (string[])[]];
        return string.Join(" and ", parts);
    }
}
