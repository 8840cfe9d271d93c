using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Evaluation.Photos;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints evaluate</c>: evaluates a model file on a labelled file, and on whole pictures together with the face finder.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The model.onnx to evaluate", Required = true };
        var data = new Option<string>("--data") { Description = $"Labelled file ({FileNames.DatasetEndings}) or folder with keypoints of the model, in any order", Required = true };
        var output = new Option<FileInfo?>("--out") { Description = "CSV file to write, with a row for each labelled instance: picture, instance, error and NME, and whether it was found" };
        Option<FinderKind?> finder = CommonOptions.Finder("the one that suits the model counts. With faces, labels of whole pictures also measure how many faces are found, and their error");
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Evaluate a model on a labelled file\n\n"
            + "  keypoints evaluate --model my-model/model.onnx --data validation.zip --json\n"
            + "  keypoints evaluate --model my-model/model.onnx --data faces --out faces.csv\n"
            + "  keypoints evaluate --model my-model/model.onnx --data labelled-photos --finder faces")
        {
            model, data, finder, output, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(finder), parsed.GetValue(output), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo modelFile, string data, FinderKind? finder, FileInfo? output, bool json, CancellationToken cancellationToken)
    {
        using KeypointModel model = KeypointModel.Open(modelFile.FullName);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("keypoints-evaluate-");
        try
        {
            bool isPrepared = File.Exists(Path.Combine(data, PreparedDatasetFiles.Manifest));
            if (!isPrepared)
                await PrepareAsync(data, FramingOf(model), folder.FullName, cancellationToken);
            string prepared = isPrepared ? data : folder.FullName;
            using PreparedDataset dataset = PreparedDataset.Open(prepared);
            if (SchemaRows.FindDifference(dataset.Manifest, model.Schema, "the model") is string difference)
                Console.Error.WriteLine(difference);
            var found = new List<FoundInstance>();
            bool isOfPictures = !isPrepared && File.Exists(Path.Combine(prepared, PreparedDatasetFiles.Pictures));
            if (finder == FinderKind.Faces && !isOfPictures)
                Console.Error.WriteLine($"{data} has no whole pictures, so the finder is not measured.");
            PhotoEvaluation? photos = isOfPictures && (finder ?? model.Metadata.Finder) == FinderKind.Faces
                ? await SearchAsync(model, data, found, cancellationToken)
                : null;
            using InstanceErrorTable? table = output is null ? null : InstanceErrorTable.Create(output.FullName, prepared, found);
            EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, cancellationToken, table is null ? null : table.Add) with { Photos = photos };
            table?.Commit();
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(result, PipelineJson.Compact));
            else
                Print(result);
            foreach (string gap in model.Metadata.Gaps.Describe(model.HasUncertainty))
                Console.Error.WriteLine(gap);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Finds and predicts the faces of the whole pictures.</summary>
    private static async Task<PhotoEvaluation?> SearchAsync(KeypointModel model, string data, List<FoundInstance> found, CancellationToken cancellationToken)
    {
        using var finders = new Finders();
        var decoder = new ImageDecoder();
        var predictor = new ImageSetPredictor(model, decoder, finders.Of(FinderKind.Faces, model));
        return await new PhotoEvaluator(model, predictor, decoder).EvaluateAsync(data, found.Add, cancellationToken);
    }

    /// <summary>Pictures are framed as the model frames them when it predicts: a model of given frames gets whole pictures.</summary>
    private static PictureFraming FramingOf(KeypointModel model)
    {
        Framing framing = model.Metadata.Framing;
        return new PictureFraming(framing.Kind == FramingKind.Given ? Framing.Whole : framing, new FrameSize(model.Schema.FrameWidth, model.Schema.FrameHeight));
    }

    private static async Task PrepareAsync(string data, PictureFraming pictures, string folder, CancellationToken cancellationToken)
    {
        PreparationOutcome prepared = await new DatasetPreparation(TimeProvider.System).PrepareLocalAsync(
            data, folder, new DatasetOptions { Pictures = pictures }, progress: null, cancellationToken);
        if (!prepared.Accepted)
            throw new CommandException($"{data} cannot be used: {prepared.Report.Rejection}");
        foreach (RowProblem problem in prepared.Report.Problems)
            Console.Error.WriteLine($"skipped: {problem.Message}");
    }

    private static void Print(EvaluationResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("keypoint").AddColumn(new TableColumn("RMSE, px").RightAligned());
        foreach ((string name, double? rmse) in result.RmsePerKeypoint)
            table.AddRow(Markup.Escape(name), rmse is double value ? $"{value:0.000}" : "not labelled");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine($"[bold]{result.Rmse:0.000} px[/] RMSE over {result.LabelledPoints} labelled points of {result.Images} images, in frame pixels");
        if (result is { PictureRmse: double onPictures, PictureMeanError: double distance })
            AnsiConsole.MarkupLine($"In pixels of the pictures: {onPictures:0.000} px RMSE, {distance:0.000} px mean distance");
        if (result.Nme is double nme)
        {
            AnsiConsole.MarkupLine($"{nme:0.00 %} of the distance between {Eyes(result)} (mean, {result.NmeImages} images)");
            AnsiConsole.MarkupLine(
                $"{result.FailureRate:0.0 %} of these images are above 10 %; area under the curve to 10 %: {result.AreaUnderCurve:0.000}; "
                + $"{result.CorrectPoints:0.0 %} of the points are within 10 %");
        }

        if (result.UncertaintyRatio is double ratio)
        {
            string order = result.UncertaintyCorrelation is double correlation
                ? $", rank correlation over the images {correlation:0.00} (1 is best)"
                : "";
            AnsiConsole.MarkupLine($"Uncertainty: the actual error is {ratio:0.00} times the predicted one (1 is best){order}");
        }

        if (result.Photos is { } photos)
            Print(photos, Eyes(result));
    }

    private static string Eyes(EvaluationResult result) => result.NmeBy == EyePairKind.OuterEyeCorners ? "the outer eye corners" : "the eyes";

    private static void Print(PhotoEvaluation photos, string eyes)
    {
        string recall = photos.Recall is double share ? $" ({share:0.0 %})" : "";
        string pictures = $"{photos.Pictures:N0} whole picture{(photos.Pictures == 1 ? "" : "s")}";
        AnsiConsole.MarkupLine(
            "\nThe figures above are of single frames. On whole pictures, with the face finder:\n"
            + $"[bold]{photos.Found:N0} of {photos.Labelled:N0} labelled faces found{recall}[/] in {pictures}; {photos.Wrong:N0} wrong finds. "
            + $"Marked doubtful or whole: {photos.FoundInDoubt:N0} of the found faces and {photos.WrongInDoubt:N0} of the wrong finds");
        if (photos.WithoutFace > 0)
            AnsiConsole.MarkupLine($"No face was found in {photos.WithoutFace:N0} pictures");
        if (photos.NotJudged > 0)
            AnsiConsole.MarkupLine($"{photos.NotJudged:N0} faces are not judged: they have fewer than two labelled points, or only predicted ones");
        if (photos.Errors.Nme is double nme)
        {
            string ideal = photos.OwnCropErrors.Nme is double own ? $"; cropped by their labels: {own:0.00 %} ({photos.OwnCropErrors.NmeImages:N0})" : "";
            AnsiConsole.MarkupLine($"Found faces: [bold]{nme:0.00 %}[/] of the distance between {eyes} (mean, {photos.Errors.NmeImages:N0} faces){ideal}");
        }
        else if (photos.Errors.PictureMeanError is double pixels)
        {
            AnsiConsole.MarkupLine($"Found faces: {pixels:0.000} px mean distance on the pictures");
        }
    }
}
