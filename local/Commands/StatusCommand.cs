using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Errors;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Workflows;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands;

/// <summary><c>keypoints status</c>: shows what the host is doing.</summary>
internal static class StatusCommand
{
    private const int Listed = 30;

    public static Command Create()
    {
        var id = new Argument<string?>("id") { Description = "Instance id; without it, the newest instances are listed", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch") { Description = "Follow the instance until it ends" };
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var command = new Command("status", "Show what the host is doing\n\n  keypoints status\n  keypoints status ingest-training-zip-3f2a9c0d1b2e --watch\n\n" + InstanceOutcome.Help)
        {
            id, watch, home, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            return parsed.GetValue(id) is string instanceId
                ? await ShowAsync(host, instanceId, parsed.GetValue(watch), parsed.GetValue(json), cancellationToken)
                : await ListAsync(host, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ListAsync(RunningHost host, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<WorkflowStatus> instances = await host.ListAsync(Listed, cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(instances, PipelineJson.Compact));
            return 0;
        }

        // A parent's line also describes its children.
        WorkflowStatus[] own = [.. instances.Where(i => i.Name != nameof(TrainModel) && !InferBatch.Children.Contains(i.Name))];
        if (own.Length == 0)
        {
            AnsiConsole.WriteLine("Nothing yet. Drop a labelled CSV or a folder of images: ./keypoints drop FILE|FOLDER");
            return 0;
        }

        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("instance").NoWrap()).AddColumn(new TableColumn("status").NoWrap()).AddColumn("what");
        foreach (WorkflowStatus status in own)
            table.AddRow(Markup.Escape(status.InstanceId), status.RuntimeStatus.ToString(), Markup.Escape(InstanceText.Describe(status)));
        AnsiConsole.Write(table);
        return 0;
    }

    private static async Task<int> ShowAsync(RunningHost host, string instanceId, bool watch, bool json, CancellationToken cancellationToken)
    {
        WorkflowStatus? status = await host.FindAsync(instanceId, cancellationToken);
        if (status is null)
            throw new CommandException($"There is no instance {instanceId}; `./keypoints status` lists the existing instances.");
        if (watch)
            status = await new InstanceFollower(host.FindAsync, json).FollowAsync(instanceId, instanceId, cancellationToken);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(status, PipelineJson.Compact));
        else if (!watch)
            AnsiConsole.WriteLine($"{status.InstanceId}: {status.RuntimeStatus}, {InstanceText.Describe(status)}");
        if (!watch)
            return status.RuntimeStatus is WorkflowRuntimeStatus.Failed or WorkflowRuntimeStatus.Terminated ? ExitCodes.Failed : ExitCodes.Success;

        InstanceOutcome outcome = InstanceOutcome.Of(status);
        if (outcome.Reason is string reason)
            Console.Error.WriteLine(TerminalText.Of(reason));
        return outcome.Succeeded ? ExitCodes.Success : ExitCodes.Failed;
    }
}
