using System.CommandLine;
using System.CommandLine.Parsing;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Results;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints predict</c>: predicts images or Kaggle's test set with a model file. It needs no storage server.</summary>
internal static class PredictCommand
{
    private static readonly Option<FileInfo> Model = new("--model") { Description = "The model.onnx to predict with", Required = true };

    private static readonly Option<string> Images = new("--images")
    {
        Description = $"Folder or zip of images, or one image ({ImageNames.Formats}); goes with --out DIR",
    };

    private static readonly Option<string> Kaggle = new("--kaggle")
    {
        Description = "Kaggle's files as downloaded (the one zip of \"Download all\", or its folder), or test.zip or the CSV in it; goes with --out FILE, instead of --images",
    };

    private static readonly Option<string> Lookup = new("--lookup")
    {
        Description = "Kaggle's IdLookupTable.csv, or a zip with it, which lists the locations to predict; goes with --kaggle, if that does not hold it",
    };

    private static readonly Option<string> Boxes = new("--boxes")
    {
        Description = "File that says where the faces are, for a model that predicts each face by itself: a table with the columns image, box_x, "
            + $"box_y, box_width and box_height, or a label file that names the images; goes with --images, in place of the {BoxFile.Name} in them",
    };

    private static readonly Option<FinderKind?> Finder = CommonOptions.Finder($"{FinderFile.Name} in the images counts, and else what suits the model; goes with --images");

    private static readonly Option<string> Output = new("--out")
    {
        Description = $"With --images the folder for {ResultFiles.Csv}, {ResultFiles.Report} and overlays; with --kaggle the submission.csv to write",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("predict", "Predict keypoints of images, or of the test set of Kaggle's facial keypoints detection\n\n"
            + "  keypoints predict --model my-model/model.onnx --images photos --out results\n"
            + "  keypoints predict --model my-model/model.onnx --images photos --boxes boxes.csv --out results\n"
            + "  keypoints predict --model my-model/model.onnx --kaggle facial-keypoints-detection.zip --out submission.csv\n"
            + "  keypoints predict --model my-model/model.onnx --kaggle test.zip --lookup IdLookupTable.csv --out submission.csv")
        {
            Model, Images, Boxes, Finder, Kaggle, Lookup, Output,
        };
        command.Validators.Add(Validate);
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(Kaggle) is { } test
            ? KagglePrediction.RunAsync(
                parsed.GetRequiredValue(Model), test, parsed.GetValue(Lookup), new FileInfo(parsed.GetRequiredValue(Output)), cancellationToken)
            : ImagePrediction.RunAsync(
                parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Images), parsed.GetValue(Boxes), parsed.GetValue(Finder), new DirectoryInfo(parsed.GetRequiredValue(Output)), cancellationToken));
        return command;
    }

    private static void Validate(CommandResult given)
    {
        bool images = given.GetResult(Images) is not null;
        bool kaggle = given.GetResult(Kaggle) is not null;
        bool lookup = given.GetResult(Lookup) is not null;
        if (images && kaggle)
            given.AddError("Use either --images or --kaggle, not both.");
        else if (kaggle && given.GetResult(Boxes) is not null)
            given.AddError("--boxes goes with --images, not with --kaggle.");
        else if (kaggle && given.GetResult(Finder) is not null)
            given.AddError("--finder goes with --images, not with --kaggle: the pictures of Kaggle's test set are faces.");
        else if (!kaggle && lookup)
            given.AddError("--lookup goes with --kaggle test.zip" + (images ? ", not with --images." : "."));
        else if (!images && !kaggle)
            given.AddError("Say what to predict: --images DIR, or --kaggle facial-keypoints-detection.zip.");
    }
}
