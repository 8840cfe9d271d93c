using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Formats;
using KeypointPipeline.Serialization;
using KeypointPipeline.Workflows.Drops;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary><c>keypoints datasets</c>: lists the datasets in force, prints the report of one, or withdraws and erases.</summary>
internal static class DatasetsCommand
{
    public static Command Create()
    {
        var home = CommonOptions.Home();
        home.Recursive = true;
        var json = CommonOptions.Json();
        json.Recursive = true;
        var command = new Command(
            "datasets",
            "List the datasets that later trainings use, print a report, or withdraw one\n\n  keypoints datasets\n  keypoints datasets report training.csv\n"
            + "  keypoints datasets remove training.csv\n  keypoints datasets remove --group anna --everywhere")
        {
            home, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            DatasetList list = await host.ListDatasetsAsync(cancellationToken);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(list, PipelineJson.Compact));
            else
                DatasetTable.Print(list);
            return 0;
        });
        command.Add(CreateReport(home, json));
        command.Add(RemoveDatasetCommand.Create(home, json));
        return command;
    }

    private static Command CreateReport(Option<DirectoryInfo> home, Option<bool> json)
    {
        var path = new Argument<string>("path") { Description = "Path of the dropped file in the datasets container, or id of a dataset", HelpName = "PATH|ID" };
        var command = new Command(
            "report",
            "Print what happened to the rows of a dropped file, what was guessed, and why it was rejected\n\n"
            + "  keypoints datasets report training.csv\n  keypoints datasets report \"faces/may 2026.csv\" --json\n\n"
            + "Exit codes: 0 there is a report, also if it says that the file was rejected; 1 there is none")
        {
            path,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            DatasetReport report = await FindReportAsync(host, parsed.GetRequiredValue(path), cancellationToken);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(report, PipelineJson.Compact));
            else
                DatasetTable.Print(report);
            return 0;
        });
        return command;
    }

    /// <summary>Finds the newest report of a path, or the report of an id.</summary>
    private static async Task<DatasetReport> FindReportAsync(RunningHost host, string path, CancellationToken cancellationToken)
    {
        DatasetList? dataset = await host.FindDatasetAsync(path, cancellationToken);
        if (dataset?.NotStarted is UnstartedBlob unstarted && dataset.Report is null)
            throw new CommandException($"There is no report of {path}, because nothing was started: {unstarted.Reason}");
        if (dataset?.Report is DatasetReport report)
            return report;
        return (path.Contains('/', StringComparison.Ordinal) ? null : await host.FindReportAsync(path, cancellationToken))
            ?? throw new CommandException(
                $"There is no report of {path}. `./keypoints datasets` lists the paths; `./keypoints status` shows whether the file is still being read.");
    }
}
