using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Errors;
using KeypointPipeline.Files;
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
        var path = new Argument<string>("path") { Description = $"Labelled data ({FileNames.DatasetEndings}) with its sidecar ({{file}}{SidecarFile.Ending}) if there is one, an image, or a folder or {FileNames.Zip} of images" };
        var name = new Option<string?>("--name") { Description = "Name of the image batch (default: the name of the file or folder)" };
        var watch = new Option<bool>("--watch") { Description = "Follow the workflow that this starts until it ends" };
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var command = new Command(
            "drop",
            "Drop labelled data to train on, or images to predict\n\n  keypoints drop training.zip\n  keypoints drop photos --watch\n\n"
            + $"{InstanceOutcome.Help}\n\n"
            + "--json prints one document: what was dropped. With --watch it comes at the end and also says how the instance ended; progress goes to standard error")
        {
            path, name, watch, home, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(path), parsed.GetValue(name), parsed.GetValue(watch), parsed.GetRequiredValue(home), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, string? name, bool watch, DirectoryInfo home, bool json, CancellationToken cancellationToken)
    {
        using RunningHost host = RunningHost.Connect(home);
        PipelineStorage storage = host.OpenStorage();
        DroppedItem item = await UploadAsync(storage, path, name, json, cancellationToken);
        foreach (string file in item.LeftOut)
            Console.Error.WriteLine($"left out: {TerminalText.Of(file)}");
        if (!json)
            Console.WriteLine($"{item.Kind} {item.Name} dropped; follow it with: ./keypoints status {item.InstanceId} --watch");
        else if (!watch)
            Console.WriteLine(JsonSerializer.Serialize(item, PipelineJson.Compact));
        if (!watch)
            return ExitCodes.Success;

        DropReport report = await new DropWatch(host, new DroppedContent(storage), json).FollowAsync(item, cancellationToken);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(report, PipelineJson.Compact));
        if (report.Reason is string reason)
            Console.Error.WriteLine(TerminalText.Of(reason));
        return report.Succeeded ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<DroppedItem> UploadAsync(PipelineStorage storage, string path, string? name, bool json, CancellationToken cancellationToken)
    {
        DroppedItem item = null!;
        Func<IProgress<double>?, Task> upload = async report =>
            item = await new Dropper(storage).DropAsync(path, name, report, cancellationToken);
        if (json)
            await upload(null);
        else
            await ConsoleProgress.RunAsync($"uploading {Path.GetFileName(path)}", upload);
        return item;
    }
}
