using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Datasets.Converting;
using KeypointPipeline.Errors;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Commands.Conversion;

/// <summary><c>keypoints convert</c>: converts labels to another format. It needs no storage server.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("in") { Description = "Labelled file, zip or folder, in any format that is read; results too" };
        var output = new Argument<string>("out") { Description = "File to write (.csv, .json), or a new folder, which gets copies of the pictures" };
        var to = new Option<string?>("--to") { Description = "Format to write; without it, the ending of OUT says it", HelpName = string.Join('|', LabelConversion.Targets) };
        var json = CommonOptions.Json();
        var command = new Command(
            "convert",
            "Convert labels to another format\n\n"
            + "  keypoints convert annotations.zip labels-yolo --to yolo\n"
            + "  keypoints convert photos/labels.csv photos/coco.json\n"
            + "  keypoints convert training.zip faces --to coco\n\n"
            + "wide is a CSV with a row for each instance and two columns for each keypoint. long is a CSV with a row for each point.\n"
            + "A file names the pictures by their paths from its folder. A folder gets them in images/; pixels in a table become PNG files.\n"
            + "What the format cannot hold, for example visibility or boxes, is counted in a line. Rows that cannot be used are named and left out.\n"
            + "A prediction that nobody changed stays one, or is left out (yolo)\n\n"
            + "Exit codes: 0 the labels are written; 1 nothing is written")
        {
            input, output, to, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ConversionSummary summary = await LabelConversion.ConvertAsync(
                parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetValue(to), cancellationToken);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(summary, PipelineJson.Compact));
            else
                Print(summary);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(ConversionSummary summary)
    {
        foreach (string problem in summary.Problems)
            Console.Error.WriteLine(TerminalText.Of($"skipped: {problem}"));
        if (summary.Rejected > summary.Problems.Count)
            Console.Error.WriteLine($"skipped: {summary.Rejected - summary.Problems.Count:N0} more rows");
        foreach (string note in summary.Notes)
            Console.Error.WriteLine(TerminalText.Of(note));
        Console.WriteLine(TerminalText.Of(
            $"{summary.Instances:N0} instances of {summary.Keypoints.Count:N0} keypoints on {summary.Pictures:N0} pictures written as {summary.Format} to {summary.Output}"));
    }
}
