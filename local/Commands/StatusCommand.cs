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

    /// <summary>The most instances that the host lists at once.</summary>
    private const int Examined = 1_000;

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
        IReadOnlyList<WorkflowStatus> newest = await host.ListAsync(json ? Listed : Examined, cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(newest, PipelineJson.Compact));
            return 0;
        }

        IReadOnlyList<WorkflowStatus> own = await FindRootsAsync(newest, host.FindAsync, cancellationToken);
        if (own.Count == 0)
        {
            AnsiConsole.WriteLine("Nothing yet. Drop labels or a folder of images: ./keypoints drop FILE|FOLDER");
            return 0;
        }

        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("instance").NoWrap()).AddColumn(new TableColumn("status").NoWrap()).AddColumn("what");
        foreach (WorkflowStatus status in own)
            table.AddRow(Markup.Escape(status.InstanceId), status.RuntimeStatus.ToString(), Markup.Escape(InstanceText.Describe(status)));
        AnsiConsole.Write(table);
        return 0;
    }

    /// <summary>Finds the instances that others work for: a parent's line also describes its children. A large batch has thousands of them,
    /// so it may be far from the newest instances itself.</summary>
    /// <param name="newest">The newest instances.</param>
    /// <param name="findAsync">Finds an instance that is not among them.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    internal static async Task<IReadOnlyList<WorkflowStatus>> FindRootsAsync(
        IReadOnlyList<WorkflowStatus> newest, Func<string, CancellationToken, Task<WorkflowStatus?>> findAsync, CancellationToken cancellationToken)
    {
        Dictionary<string, WorkflowStatus> byId = newest.ToDictionary(instance => instance.InstanceId, StringComparer.Ordinal);
        var roots = new List<WorkflowStatus>();
        foreach (string root in newest.Select(instance => InstanceIds.RootOf(instance.InstanceId)).Distinct(StringComparer.Ordinal).Take(Listed))
        {
            if ((byId.GetValueOrDefault(root) ?? await findAsync(root, cancellationToken)) is WorkflowStatus status)
                roots.Add(status);
        }

        return [.. roots.OrderByDescending(root => root.CreatedTime)];
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
