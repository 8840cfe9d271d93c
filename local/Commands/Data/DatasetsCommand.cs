using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Formats;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;

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
        var path = new Argument<string>("path") { Description = "Path of the dropped file in the datasets container" };
        var command = new Command("report", "Print what happened to the rows of a dropped file") { path };
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

    /// <summary>Finds the newest report: that of a rejected newer file, or that of the dataset in force.</summary>
    private static async Task<DatasetReport> FindReportAsync(RunningHost host, string path, CancellationToken cancellationToken)
    {
        DatasetList list = await host.ListDatasetsAsync(cancellationToken);
        PipelineStorage storage = host.OpenStorage();
        if (list.Rejected.Contains(path, StringComparer.Ordinal)
            && await storage.ReadAsync<DatasetReport>(BlobLayout.Rejected, path + BlobLayout.RejectionReportEnding, cancellationToken) is { } rejected)
            return rejected.Value;
        if (list.Paths?.FirstOrDefault(info => info.Path == path)?.DatasetId is string id
            && await storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{id}.json", cancellationToken) is { } report)
            return report.Value;
        throw new CommandException($"There is no report of {path}; `./keypoints datasets` lists the paths.");
    }
}
