using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints evaluate</c>: evaluates a model file on a labelled file.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The model.onnx to evaluate", Required = true };
        var data = new Option<string>("--data") { Description = $"Labelled file ({FileNames.DatasetEndings}) or folder with keypoints of the model, in any order", Required = true };
        var output = new Option<FileInfo?>("--out") { Description = "CSV file to write, with a row for each labelled instance: picture, instance, error and NME" };
        var json = CommonOptions.Json();
        var command = new Command("evaluate", "Evaluate a model on a labelled file\n\n"
            + "  keypoints evaluate --model my-model/model.onnx --data validation.zip --json\n"
            + "  keypoints evaluate --model my-model/model.onnx --data faces --out faces.csv")
        {
            model, data, output, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(output), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo modelFile, string data, FileInfo? output, bool json, CancellationToken cancellationToken)
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
            using InstanceErrorTable? table = output is null ? null : InstanceErrorTable.Create(output.FullName, prepared, []);
            EvaluationResult result = ModelEvaluator.Evaluate(model, dataset, cancellationToken, table is null ? null : table.Add);
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
            string eyes = result.NmeBy == EyePairKind.OuterEyeCorners ? "the outer eye corners" : "the eyes";
            AnsiConsole.MarkupLine($"{nme:0.00 %} of the distance between {eyes} (mean, {result.NmeImages} images)");
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
    }
}
