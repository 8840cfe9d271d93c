using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Removal;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary><c>keypoints datasets remove</c>: withdraws a path, erases it, or erases a group.</summary>
internal static class RemoveDatasetCommand
{
    private static readonly Argument<string?> PathArgument = new("path")
    {
        Description = "Path of the dropped file in the datasets container",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Erase = new("--erase") { Description = "Also delete the file and every copy of its rows; stops a training that uses them" };
    private static readonly Option<string?> Group = new("--group") { Description = "Erase only the rows of this group, for example a person; needs --path or --everywhere" };
    private static readonly Option<string?> OnlyPath = new("--path") { Description = "With --group: erase it in the file of this path" };
    private static readonly Option<bool> Everywhere = new("--everywhere") { Description = "With --group: erase it in every file" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Answer the question before an erasure with yes" };

    public static Command Create(Option<DirectoryInfo> home, Option<bool> json)
    {
        var command = new Command("remove", "Withdraw a dataset from later trainings, or erase it or one group") { PathArgument, Erase, Group, OnlyPath, Everywhere, Yes };
        command.Validators.Add(Validate);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            bool asJson = parsed.GetValue(json);
            Dictionary<string, string> query = Query(parsed);
            if (parsed.GetValue(Group) is not null || parsed.GetValue(Erase))
                await AskAsync(host, query, parsed.GetValue(Yes), asJson, cancellationToken);
            DatasetRemoval removal = await host.RemoveDatasetAsync(query, cancellationToken);
            if (asJson)
                Console.WriteLine(JsonSerializer.Serialize(removal, PipelineJson.Compact));
            else
                RemovalText.Print(removal, parsed.GetValue(Group) is not null || parsed.GetValue(Erase) ? "erased" : "withdrawn");
            return 0;
        });
        return command;
    }

    private static void Validate(CommandResult given)
    {
        bool group = given.GetValue(Group) is not null;
        bool only = given.GetValue(OnlyPath) is not null;
        bool everywhere = given.GetValue(Everywhere);
        string? problem = (given.GetValue(PathArgument) is not null, group) switch
        {
            (false, false) => "Name the path to remove, or a group: --group NAME with --path PATH or --everywhere.",
            (true, true) => "A path as argument removes the whole dataset. To erase one group in it, use --group NAME --path PATH.",
            (_, true) when only == everywhere => "--group goes with either --path PATH or --everywhere.",
            (_, false) when only || everywhere => "--path and --everywhere go with --group NAME.",
            _ => null,
        };
        if (problem is not null)
            given.AddError(problem);
    }

    private static Dictionary<string, string> Query(ParseResult parsed)
    {
        var query = new Dictionary<string, string>();
        if ((parsed.GetValue(PathArgument) ?? parsed.GetValue(OnlyPath)) is string path)
            query[RemovalQuery.PathName] = path;
        if (parsed.GetValue(Group) is string group)
            query[RemovalQuery.GroupName] = group;
        if (parsed.GetValue(Everywhere))
            query[RemovalQuery.EverywhereName] = "true";
        if (parsed.GetValue(Erase))
            query[RemovalQuery.EraseName] = "true";
        return query;
    }

    /// <summary>Shows the rows of each dataset, then asks.</summary>
    private static async Task AskAsync(
        RunningHost host, Dictionary<string, string> query, bool yes, bool json, CancellationToken cancellationToken)
    {
        DatasetRemoval preview = await host.RemoveDatasetAsync(
            new Dictionary<string, string>(query) { [RemovalQuery.PreviewName] = "true" }, cancellationToken);
        if (!json)
            RemovalText.Print(preview, "to be erased");
        int rows = preview.Datasets.Sum(dataset => dataset.Rows ?? 0);
        Question.Ask($"Erase {rows:N0} rows for good?", yes);
    }
}
