using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using Spectre.Console;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary><c>keypoints models</c>: lists published versions, or promotes one by hand.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var home = CommonOptions.Home();
        home.Recursive = true;
        var json = CommonOptions.Json();
        json.Recursive = true;
        var command = new Command("models", "List published models, download one, or promote one\n\n  keypoints models\n  keypoints models download --out my-model\n  keypoints models promote 20261123-181500-3f2a9c0d") { home, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            Print(await host.ListModelsAsync(cancellationToken), parsed.GetValue(json));
            return 0;
        });

        var version = new Argument<string>("version") { Description = "Version to use from now on; an older version rolls back" };
        var promote = new Command("promote", "Make a version the champion, regardless of the promotion rule") { version };
        promote.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            ChampionPointer champion = await host.PromoteAsync(parsed.GetRequiredValue(version), cancellationToken);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(champion, PipelineJson.Compact)
                : $"{champion.Version} is the champion now: {champion.Reason}" + (champion.PreviousVersion is string previous ? $"; before: {previous}" : ""));
            return 0;
        });
        command.Add(promote);
        command.Add(DownloadModelCommand.Create(home, json));
        return command;
    }

    private static void Print(ModelList list, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(list, PipelineJson.Compact));
            return;
        }

        if (list.Models.Count == 0)
        {
            AnsiConsole.WriteLine("No model yet. Drop labelled data: ./keypoints drop training.zip");
            return;
        }

        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("").AddColumn(new TableColumn("version").NoWrap()).AddColumns("error", "training rows", "data", "schema");
        foreach (ModelManifest model in list.Models)
        {
            table.AddRow(
                model.Version == list.Champion?.Version ? "champion" : "",
                Markup.Escape(model.Version),
                Markup.Escape(model.Evaluation.DescribeCandidate()),
                $"{model.Training.TrainingRows:N0}",
                Markup.Escape(DescribeData(list.Learned?.FirstOrDefault(learned => learned.Version == model.Version))),
                Markup.Escape(model.Schema.ToString()));
        }

        AnsiConsole.Write(table);
        foreach (string line in Decisions(list))
            AnsiConsole.WriteLine(line);
    }

    /// <summary>Says what a version learned from, and which of it is not in force any more.</summary>
    internal static string DescribeData(LearnedData? learned) => string.Join("; ", (learned?.Datasets ?? []).Select(dataset =>
        (dataset.Path ?? dataset.DatasetId) + (dataset.State switch
        {
            DatasetFate.InForce => "",
            DatasetFate.Unknown => " (no longer known)",
            _ => $" ({$"{dataset.State}".ToLowerInvariant()}{(dataset.Until is DateTimeOffset until ? $" {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "")})",
        })));

    /// <summary>Says why the champion is the champion, and what the promotion rule said of each version.</summary>
    internal static IEnumerable<string> Decisions(ModelList list)
    {
        if (list.Champion is ChampionPointer champion)
            yield return $"champion {champion.Version}, since {champion.PromotedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {champion.Reason}";
        foreach (ModelManifest model in list.Models)
        {
            if (model.Decision is PromotionDecision decision)
                yield return $"{model.Version} {(decision.Promote ? "promoted" : "not promoted")}: {decision.Reason}";
        }
    }
}
