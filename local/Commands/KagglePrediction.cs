using KeypointPipeline.Files;
using KeypointPipeline.Kaggle;
using KeypointPipeline.Models;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints predict --kaggle</c>: predicts the test set of Kaggle's facial keypoints detection and writes a submission.</summary>
internal static class KagglePrediction
{
    public static async Task<int> RunAsync(FileInfo modelFile, string test, string? lookup, FileInfo output, CancellationToken cancellationToken)
    {
        if (Directory.Exists(output.FullName))
            throw new CommandException($"{output.FullName} is a folder: with --kaggle, --out names the file to write, such as {Path.Combine(output.FullName, "submission.csv")}.");
        using KeypointModel model = KeypointModel.Open(modelFile.FullName);
        await using KaggleDownload download = await KaggleDownload.OpenAsync(test, cancellationToken);
        await using KaggleDownload? other = lookup is null ? null : await KaggleDownload.OpenAsync(lookup, cancellationToken);
        DatasetSource pictures = await download.FindTestAsync(cancellationToken);
        DatasetSource asked = other is null
            ? await download.FindLookupAsync(cancellationToken)
                ?? throw new CommandException($"{download.Name} holds no lookup table, which lists the locations to predict. Add --lookup IdLookupTable.csv.")
            : await other.RequireLookupAsync(cancellationToken);
        KaggleSubmissionSummary? summary = null;
        await ConsoleProgress.RunAsync("predicting", async report => summary = await KaggleSubmission.WriteAsync(
            model, pictures, asked, output.FullName, report, cancellationToken));

        AnsiConsole.WriteLine($"{summary!.Locations:N0} locations of {summary.Images:N0} images"
            + (summary.Clipped > 0 ? $"; {summary.Clipped:N0} lay outside the frame and were moved to its edge" : ""));
        if (summary.SparseImages > 0)
            AnsiConsole.WriteLine(Describe(summary, model));
        AnsiConsole.WriteLine($"Submit {output.FullName}");
        return 0;
    }

    private static string Describe(KaggleSubmissionSummary summary, KeypointModel model) =>
        $"{summary.SparseImages:N0} images ask for at most half of the keypoints: "
        + (model.Metadata.SparseOffsets is null
            ? "predicted like the others, because the model file has no offsets for such images"
            : "their predictions were moved by the offsets in the model file, because such images follow a different labelling rule");
}
