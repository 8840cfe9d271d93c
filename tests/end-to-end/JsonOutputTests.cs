using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Local;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>Every command that has <c>--json</c>, run on a real host. Standard output is one JSON document, whatever else there is to say.</summary>
public sealed class JsonOutputTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_with_json_prints_one_document_and_nothing_else()
    {
        using TemporaryFolder folder = TestFolder.Create("json");
        string home = folder.File("home");
        string dataset = await DrawnInputs.DrawDatasetAsync(folder, rows: 60, seed: 5, Cancel); // two rows are bad
        string images = await DrawnInputs.DrawImagesAsync(folder, count: 2, Cancel); // and a broken one
        await using LocalHost host = await LocalHost.StartAsync(SmallPipeline.Options(home), Cancel);
        var ingested = SmallPipeline.Output<IngestDatasetOutput>(await SmallPipeline.DropAndWaitAsync(host, dataset, Cancel));
        string version = ingested.Training!.Version!;
        string model = folder.File("model.onnx");
        await new ModelRegistry(host.Storage, TimeProvider.System).DownloadAsync(version, model, Cancel);
        string path = Path.GetFileName(dataset);
        string batch = Path.GetFileName(images);

        // In the order in which they run. A command that is missing here fails the test.
        (string Command, string[] Arguments)[] runs =
        [
            ("evaluate", ["--model", model, "--data", dataset]),
            ("convert", [dataset, folder.File("converted"), "--to", "coco"]),
            ("drop", [images]),
            ("drop", [images, "--watch"]),
            ("drop", [dataset, "--watch", "--out", folder.File("report")]),
            ("status", []),
            ("status", [InstanceIds.Training("nothing"), "--watch"]), // does not exist
            ("status", [(await FindAsync(host)).InstanceId]),
            ("status", [(await FindAsync(host)).InstanceId, "--watch"]),
            ("models", []),
            ("models promote", [version]),
            ("models download", ["--out", folder.File("downloaded model")]),
            ("results", []),
            ("results", [batch]),
            ("results", [batch, "--out", folder.File("downloaded results")]),
            ("datasets", []),
            ("datasets report", [path]),
            ("batches remove", [batch]),
            ("datasets remove", [path]),
            ("datasets remove", ["--group", "nobody", "--everywhere", "--yes"]),
        ];
        Assert.Equal(CommandsWithJson(), runs.Select(run => run.Command).Distinct().Order(StringComparer.Ordinal));

        foreach ((string command, string[] arguments) in runs)
        {
            string[] words = command.Split(' ');
            string[] where = words[0] is "evaluate" or "convert" ? [] : ["--home", home];
            ToolResult result = await KeypointsTool.RunAsync([.. words, .. arguments, "--json", .. where], Cancel);
            AssertJson(result, $"{command} {string.Join(' ', arguments)}");
        }
    }

    /// <summary>An error leaves standard output empty. Everything else is one document.</summary>
    private static void AssertJson(ToolResult result, string command)
    {
        if (result is { Output: "", ExitCode: not 0, Errors.Length: > 0 })
            return;
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(result.Output);
            Assert.NotEqual(JsonValueKind.Null, parsed.RootElement.ValueKind);
        }
        catch (JsonException e)
        {
            Assert.Fail($"{command}: {e.Message}\n{result.Output}\n{result.Errors}");
        }

        Assert.True(result.ExitCode == 0, $"{command}: {result.ExitCode}\n{result.Errors}");
    }

    private static async Task<Port.WorkflowStatus> FindAsync(LocalHost host) =>
        (await host.Workflows.ListAsync(new Port.WorkflowQuery(), Cancel)).First(status => status.Name == nameof(IngestDataset));

    /// <summary>The commands whose own options, or those of a command above them, have <c>--json</c>.</summary>
    private static IEnumerable<string> CommandsWithJson() =>
        KeypointsProgram.CreateCommand().Subcommands.SelectMany(command => WithJson(command, command.Name, inherited: false)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> WithJson(Command command, string name, bool inherited)
    {
        Option? own = command.Options.FirstOrDefault(option => option.Name == "--json");
        if ((own is not null || inherited) && command.Action is not null)
            yield return name;
        foreach (Command below in command.Subcommands)
        {
            foreach (string found in WithJson(below, $"{name} {below.Name}", inherited || own?.Recursive == true))
                yield return found;
        }
    }
}
