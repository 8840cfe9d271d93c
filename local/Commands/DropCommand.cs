using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Errors;
using KeypointPipeline.Files;
using KeypointPipeline.Finding;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Local.Commands.Data;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints drop</c>: uploads a file or folder for the running host to process.</summary>
internal static class DropCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path")
        {
            Description = $"Labelled data ({FileNames.DatasetEndings}) with its sidecar ({{file}}{SidecarFile.Ending}) if there is one, a label file that names "
                + $"pictures in its folder, an image, or a folder or {FileNames.Zip} of labels or images",
        };
        var name = new Option<string?>("--name") { Description = "Name of the image batch, or of the folder of labels (default: the name of the file or folder)" };
        var watch = new Option<bool>("--watch") { Description = "Follow the workflow that this starts until it ends" };
        var output = new Option<DirectoryInfo?>("--out")
        {
            Description = "With --watch: download the results of the images, or the report of the data and their model, into this folder",
            HelpName = "DIR",
        };
        Option<FinderKind?> finder = CommonOptions.Finder($"{FinderFile.Name} in the batch counts, then the host's setting, then what suits the model");
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var command = new Command(
            "drop",
            "Drop labelled data to train on, or images to predict\n\n  keypoints drop training.zip\n  keypoints drop photos --watch\n  keypoints drop photos --watch --out my-photos\n\n"
            + $"{InstanceOutcome.Help}\n\n"
            + "--json prints one document: what was dropped. With --watch it comes at the end and also says how the instance ended; progress goes to standard error")
        {
            path, name, finder, watch, output, home, json,
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(output) is not null && !given.GetValue(watch))
                given.AddError("--out goes with --watch. Without it, use `keypoints results BATCH --out DIR` once the batch has ended.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(path),
            parsed.GetValue(name),
            parsed.GetValue(finder),
            parsed.GetValue(watch),
            parsed.GetValue(output)?.FullName,
            parsed.GetRequiredValue(home),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, string? name, FinderKind? finder, bool watch, string? output, DirectoryInfo home, bool json, CancellationToken cancellationToken)
    {
        using RunningHost host = RunningHost.Connect(home);
        PipelineStorage storage = host.OpenStorage();
        DroppedItem item = await UploadAsync(storage, path, name, finder, json, cancellationToken);
        foreach (string file in item.LeftOut)
            Console.Error.WriteLine($"left out: {TerminalText.Of(file)}");
        if (!json)
            Console.WriteLine($"{item.Kind} {item.Name} dropped; follow it with: ./keypoints status {item.InstanceId} --watch");
        else if (!watch)
            Console.WriteLine(JsonSerializer.Serialize(item, PipelineJson.Compact));
        if (!watch)
            return ExitCodes.Success;

        DropReport report = await new DropWatch(host, new DroppedContent(storage), json).FollowAsync(item, cancellationToken);
        DropEnding? ending = await DropEnding.FetchAsync(host, report, output, json, cancellationToken);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(report with { Results = ending }, PipelineJson.Compact));
        foreach (string line in json ? [] : ending?.Lines ?? [])
            Console.WriteLine(line);
        if (report.Reason is string reason)
            Console.Error.WriteLine(TerminalText.Of(reason));
        return report.Succeeded ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<DroppedItem> UploadAsync(
        PipelineStorage storage, string path, string? name, FinderKind? finder, bool json, CancellationToken cancellationToken)
    {
        DroppedItem item = null!;
        Func<IProgress<double>?, Task> upload = async report =>
            item = await new Dropper(storage) { Finder = finder }.DropAsync(path, name, report, cancellationToken);
        if (json)
            await upload(null);
        else
            await ConsoleProgress.RunAsync($"uploading {Path.GetFileName(path)}", upload);
        return item;
    }
}
