using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Serialization;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary><c>keypoints results</c>: lists batches with results, shows one, or downloads its files.</summary>
internal static class ResultsCommand
{
    public static Command Create()
    {
        var batch = new Argument<string?>("batch") { Description = "Name of the batch; without it, the batches are listed", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Download the results of the batch into this folder", HelpName = "DIR" };
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var command = new Command(
            "results",
            "List the batches that have results, show one, or download it\n\n  keypoints results\n  keypoints results photos\n  keypoints results photos --out photos-results\n\n"
            + "The folder gets keypoints.csv, keypoints.jsonl, coco.json, errors.csv, summary.json, report.html, overlays and, if the model knows its uncertainty, label-next.csv.\n"
            + "A second download into the folder replaces the files of the first, and no others: a file that you changed or added stops it\n\n"
            + "Exit codes: 0 the results are shown or downloaded; 1 the batch has no results yet, or a file in the folder is in the way")
        {
            batch, output, home, json,
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(output) is not null && given.GetValue(batch) is null)
                given.AddError("--out goes with a batch: keypoints results BATCH --out DIR.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(batch) is not string name)
                Print(await host.ListBatchesAsync(cancellationToken), asJson);
            else if (parsed.GetValue(output) is DirectoryInfo folder)
                await DownloadAsync(host, name, folder.FullName, asJson, cancellationToken);
            else
                Print(host, await BatchDownload.FindAsync(host, name, cancellationToken), asJson);
            return 0;
        });
        return command;
    }

    private static async Task DownloadAsync(RunningHost host, string batch, string folder, bool asJson, CancellationToken cancellationToken)
    {
        BatchDetail detail = null!;
        await DownloadBar.RunAsync("downloading", asJson, async progress =>
            detail = await BatchDownload.RunAsync(host, batch, folder, progress, cancellationToken));
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new DownloadedResults(detail.Batch, folder, [.. detail.Files.Select(file => file.Name)], detail.Warning), PipelineJson.Compact));
            return;
        }

        foreach (string line in ResultsText.Downloaded(detail, folder))
            Console.WriteLine(line);
    }

    private static void Print(RunningHost host, BatchDetail detail, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(detail, PipelineJson.Compact));
            return;
        }

        foreach (string line in ResultsText.Stored(detail, host.Address))
            Console.WriteLine(line);
    }

    private static void Print(IReadOnlyList<BatchInfo> batches, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new BatchList(batches), PipelineJson.Compact));
            return;
        }

        if (batches.Count == 0)
        {
            Console.WriteLine("No results yet. Drop images: ./keypoints drop photos; `./keypoints status` shows batches that wait or run");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("batch"))
            .AddColumn(new TableColumn("images").RightAligned()).AddColumn(new TableColumn("failed").RightAligned())
            .AddColumn(new TableColumn("finished").NoWrap()).AddColumn(new TableColumn("model").NoWrap());
        foreach (BatchInfo batch in batches)
        {
            table.AddRow(
                Markup.Escape(batch.Batch),
                $"{batch.Images:N0}",
                $"{batch.Failed:N0}",
                batch.FinishedAt is null ? "not yet" : DatasetTable.Time(batch.FinishedAt),
                Markup.Escape(batch.ModelVersion ?? ""));
        }

        AnsiConsole.Write(table);
        Console.WriteLine("To see or download one: ./keypoints results BATCH [--out DIR]");
    }
}

/// <summary>What <c>results BATCH --out DIR --json</c> prints.</summary>
/// <param name="Batch">The batch and its counts.</param>
/// <param name="Folder">The folder with the files.</param>
/// <param name="Files">Their names.</param>
/// <param name="Warning">Why the files may not belong together; null if they do.</param>
internal sealed record DownloadedResults(BatchInfo Batch, string Folder, IReadOnlyList<string> Files, string? Warning);
