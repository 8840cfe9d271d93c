using System.Text.Json;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>Results in a person's hands: every command that fetches something, as a process of its own.</summary>
public sealed class ResultsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watched_drop_ends_with_its_results_in_the_named_folder_and_can_be_repeated()
    {
        using var folder = TestFolder.Create("results");
        await using LocalHost host = await StartAsync(folder);
        string photos = await DrawnInputs.DrawImagesAsync(folder, count: 3, Cancel);
        string output = folder.File("my results");

        ToolResult dropped = await RunAsync(folder, "drop", photos, "--watch", "--out", output);

        Assert.True(dropped.ExitCode == 0, dropped.Errors);
        Assert.Contains(Path.Combine(output, ResultFiles.Report), dropped.Output, StringComparison.Ordinal);
        AssertReportOpens(output);

        string batch = Path.GetFileName(photos);
        ToolResult list = await RunAsync(folder, "results");
        Assert.Contains(batch, list.Output, StringComparison.Ordinal);
        ToolResult shown = await RunAsync(folder, "results", batch);
        Assert.Contains($"{host.Url}api/batches/{Uri.EscapeDataString(batch)}/files/report.html", shown.Output, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(output, "notes.txt"), "mine");
        ToolResult again = await RunAsync(folder, "results", batch, "--out", output, "--json");
        JsonElement json = PipelineJson.Read<JsonElement>(again.Output);
        Assert.Equal((0, output), (again.ExitCode, json.GetProperty("folder").GetString()));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(output, "notes.txt")));

        string table = Path.Combine(output, ResultFiles.Csv);
        await File.AppendAllTextAsync(table, "corrected by hand\n", Cancel);
        ToolResult refused = await RunAsync(folder, "results", batch, "--out", output);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(table, refused.Errors, StringComparison.Ordinal);
        Assert.EndsWith("corrected by hand\n", File.ReadAllText(table), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_champion_is_downloaded_with_its_manifest()
    {
        using var folder = TestFolder.Create("results");
        await using LocalHost host = await StartAsync(folder);
        string output = folder.File("model");

        ToolResult downloaded = await RunAsync(folder, "models", "download", "--out", output);

        Assert.True(downloaded.ExitCode == 0, downloaded.Errors);
        Assert.Equal("v1", PipelineJson.Read<ModelManifest>(File.ReadAllText(Path.Combine(output, "manifest.json"))).Version);
        using (KeypointModel model = KeypointModel.Open(Path.Combine(output, "model.onnx")))
            Assert.Equal(["nose"], model.Schema.Names);

        ToolResult unknown = await RunAsync(folder, "models", "download", "v9");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("`./keypoints models` lists the versions", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_drop_ends_with_its_report_and_the_report_is_found_by_path()
    {
        using var folder = TestFolder.Create("results");
        await using LocalHost host = await StartAsync(folder);
        string file = folder.File("no image column.csv");
        await File.WriteAllTextAsync(file, "nose_x,nose_y\n1,2\n", Cancel);

        ToolResult dropped = await RunAsync(folder, "drop", file, "--watch", "--json", "--out", folder.File("out"));

        Assert.Equal(1, dropped.ExitCode);
        JsonElement json = PipelineJson.Read<JsonElement>(dropped.Output);
        string report = json.GetProperty("results").GetProperty("report").GetString()!;
        Assert.Equal(folder.File("out"), Path.GetDirectoryName(report));
        Assert.NotEmpty(PipelineJson.Read<JsonElement>(File.ReadAllText(report)).GetProperty("rejection").GetString()!);

        ToolResult printed = await RunAsync(folder, "datasets", "report", "no image column.csv");
        Assert.Equal(0, printed.ExitCode);
        Assert.Contains("rejected:", printed.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(folder, "datasets", "report", "never.csv")).ExitCode);
        ToolResult nothing = await RunAsync(folder, "results", "nobody", "--out", folder.File("none"));
        Assert.Equal(1, nothing.ExitCode);
        Assert.False(Directory.Exists(folder.File("none")));
    }

    private static async Task<LocalHost> StartAsync(TemporaryFolder folder)
    {
        LocalHost host = await LocalHost.StartAsync(SmallPipeline.Options(folder.File("home")), Cancel);
        await ModelExamples.PublishChampionAsync(host.Storage, "v1", new KeypointSchema(["nose"], 16, 16), Cancel);
        return host;
    }

    private static Task<ToolResult> RunAsync(TemporaryFolder folder, params string[] arguments) =>
        KeypointsTool.RunAsync([.. arguments, "--home", folder.File("home")], Cancel);

    /// <summary>Every link of the report leads to a file beside it.</summary>
    private static void AssertReportOpens(string folder)
    {
        string report = File.ReadAllText(Path.Combine(folder, ResultFiles.Report));
        string[] links = [.. report.Split("<a href=\"").Skip(1).Select(rest => rest.Split('"')[0])];

        Assert.Contains(links, link => link.StartsWith("overlays/", StringComparison.Ordinal));
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(folder, link)), $"{link} is not there."));
        foreach (string name in (string[])[ResultFiles.Csv, ResultFiles.JsonLines, ResultFiles.Errors, ResultFiles.Coco, ResultFiles.Summary])
            Assert.True(File.Exists(Path.Combine(folder, name)), $"{name} is not there.");
    }
}
