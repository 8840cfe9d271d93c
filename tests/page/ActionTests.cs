using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>What people do with models, datasets and batches on the page, and that it happened in storage. The tests change their host, so it
/// is one of this class alone.</summary>
public sealed class ActionTests(Browser browser, SmallHost changed) : IClassFixture<SmallHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_promoted_against_the_rule_with_a_reason_an_older_one_rolled_back_to_and_its_file_downloaded()
    {
        LocalHost host = await changed.HostAsync(Cancel);
        var registry = new ModelRegistry(host.Storage, TimeProvider.System);
        await QuickTraining.PublishAsync(host.Storage, "v3", 9, champion: "v1", Cancel);
        await using Window window = await browser.OpenAsync(host.Url);

        await window.GoAsync("models/v3", "v3");
        await window.PressAsync("Promote");
        await window.ConfirmAsync("Promote");
        await Assertions.Expect(window.Page.Locator(".notice.bad")).ToContainTextAsync("v3 was not promoted: it was compared with v1, but the champion is now v2");
        Assert.Equal("v2", (await registry.GetChampionAsync(Cancel))!.Version);
        await window.PressAsync("Promote");
        await Assertions.Expect(window.Field("Reason")).ToBeHiddenAsync();
        await window.Field("Promote it whatever the rule says").CheckAsync();
        await window.Field("Reason").FillAsync("looks better");
        await window.ConfirmAsync("Promote");
        await Assertions.Expect(window.Page.Locator("main .title .pill")).ToHaveTextAsync("In use");
        Assert.Equal(("v3", "looks better"), await ChampionAsync());

        await window.GoAsync("models", "Models");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "v1", Exact = true }).ClickAsync();
        await window.PressAsync("Roll back to this");
        await window.Field("Reason").FillAsync("v3 was worse after all");
        await window.ConfirmAsync("Roll back");
        await Assertions.Expect(window.Page.Locator("main .title .pill")).ToHaveTextAsync("In use");
        Assert.Equal(("v1", "rolled back from v3 (v3 was worse after all)"), await ChampionAsync());
        (string name, byte[] model) = await window.DownloadAsync(window.Page.GetByRole(AriaRole.Button, new() { Name = "Download", Exact = true }));
        Assert.Equal("v1.onnx", name);
        Assert.Equal((await registry.FindAsync("v1", Cancel))!.ModelBytes, model.Length);
        Assert.Empty(window.Faults);

        async Task<(string, string)> ChampionAsync() => await registry.GetChampionAsync(Cancel) is { } champion ? (champion.Version, champion.Reason) : default;
    }

    [Fact]
    public async Task Mirror_pairs_are_stated_the_report_downloaded_and_the_dataset_withdrawn_after_a_preview()
    {
        LocalHost host = await changed.HostAsync(Cancel);
        var paths = new DatasetPaths(host.Storage, new PreparedDatasetStore(host.Storage), TimeProvider.System);
        string? before = (await paths.FindAsync(SmallHost.Dataset, Cancel))!.DatasetId;
        await using Window window = await browser.OpenAsync(host.Url);

        await window.GoAsync($"datasets/{Uri.EscapeDataString(SmallHost.Dataset)}", SmallHost.Dataset);
        await window.PressAsync("State mirror pairs");
        await window.Field("Pairs").FillAsync("left_eye_center:right_eye_center");
        await window.ConfirmAsync("Prepare again");
        await Assertions.Expect(window.Section("Mirror pairs").Locator("li")).ToHaveTextAsync(["left eye center ↔ right eye center"]);
        string? after = (await paths.FindAsync(SmallHost.Dataset, Cancel))!.DatasetId;
        Assert.NotEqual(before, after);
        string sidecar = (await host.Storage.FindContentAsync(BlobLayout.Datasets, $"{SmallHost.Dataset}.keypoints.json", Cancel))!.Content.ToString();
        Assert.Contains("left_eye_center", sidecar, StringComparison.Ordinal);
        (string name, byte[] report) = await window.DownloadAsync(window.Page.GetByRole(AriaRole.Button, new() { Name = "Download report" }));
        Assert.Equal($"{SmallHost.Dataset}.report.json", name);
        Assert.Contains(after!, Encoding.UTF8.GetString(report), StringComparison.Ordinal);

        await window.PressAsync("Withdraw");
        await Assertions.Expect(window.Page.Locator("dialog")).ToContainTextAsync("60 rows, in force now");
        await window.ConfirmAsync("Withdraw");
        await Assertions.Expect(window.Page.Locator("main .title .pill")).ToHaveTextAsync("Withdrawn");
        Assert.NotNull((await paths.FindAsync(SmallHost.Dataset, Cancel))!.Withdrawn);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_batch_is_downloaded_run_again_and_deleted()
    {
        LocalHost host = await changed.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);

        await window.GoAsync($"batches/{Uri.EscapeDataString(SmallHost.Batch)}", SmallHost.Batch);
        ILocator row = window.Section("Files").GetByRole(AriaRole.Row).Filter(new() { HasText = "keypoints.csv" });
        (string name, byte[] table) = await window.DownloadAsync(row.GetByRole(AriaRole.Button, new() { Name = "Download", Exact = true }));
        Assert.Equal($"{SmallHost.Batch}-keypoints.csv", name);
        Assert.Equal((await host.Storage.FindContentAsync(BlobLayout.Results, $"{SmallHost.Batch}/keypoints.csv", Cancel))!.Content.ToArray(), table);

        await window.PressAsync("Run again");
        await Eventually.TrueAsync(async () => (await host.Workflows.ListAsync(new(InstanceIdPrefix: "batch-holiday"), Cancel))
            .Count(instance => instance is { Name: "InferBatch", HasEnded: true }) == 2);
        await window.PressAsync("Delete");
        await window.ConfirmAsync("Delete photos and results");
        await window.Heading("Batches").WaitForAsync();
        Assert.Null(await host.Storage.FindETagAsync(BlobLayout.Results, $"{SmallHost.Batch}/keypoints.csv", Cancel));
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_retraining_starts_from_Home()
    {
        LocalHost host = await changed.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);

        await window.GoAsync("", "Home");
        await window.PressAsync("Retrain now");
        await Eventually.TrueAsync(async () => (await host.Workflows.ListAsync(new(InstanceIdPrefix: "retrain-"), Cancel)).Count == 1);
        Assert.Empty(window.Faults);
    }
}
