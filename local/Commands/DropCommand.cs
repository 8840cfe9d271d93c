using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;

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
        var command = new Command("drop", "Drop labelled data to train on, or images to predict\n\n  keypoints drop training.zip\n  keypoints drop photos --watch")
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
        DroppedItem item = null!;
        await ConsoleProgress.RunAsync($"uploading {Path.GetFileName(path)}", async report =>
            item = await new Dropper(host.OpenStorage()).DropAsync(path, name, report, cancellationToken));

        foreach (string file in item.LeftOut)
            Console.Error.WriteLine($"left out: {TerminalText.Of(file)}");
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(item, PipelineJson.Compact));
        else
            Console.WriteLine($"{item.Kind} {item.Name} dropped; follow it with: ./keypoints status {item.InstanceId} --watch");
        if (!watch)
            return 0;
        WorkflowStatus ended = await new InstanceFollower(host.FindAsync).FollowAsync(item.InstanceId, item.Name, cancellationToken);
        return ended.RuntimeStatus == WorkflowRuntimeStatus.Completed ? 0 : 1;
    }
}
