using KeypointPipeline.Datasets;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Models;
using KeypointPipeline.TestSupport;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>What people do on the page, and that it happened in storage.</summary>
public sealed class ActionTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_version_is_rolled_back_to_and_a_dataset_withdrawn_after_a_preview()
    {
        await using var small = new SmallHost();
        LocalHost host = await small.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);

        await window.GoAsync("models", "Models");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "v1" }).ClickAsync();
        await window.PressAsync("Roll back to this");
        await window.PressAsync("Roll back");
        await Assertions.Expect(window.Page.Locator("main .title .pill")).ToHaveTextAsync("In use");
        Assert.Equal("v1", (await new ModelRegistry(host.Storage, TimeProvider.System).GetChampionAsync(Cancel))!.Version);

        await window.GoAsync($"datasets/{Uri.EscapeDataString(SmallHost.Dataset)}", SmallHost.Dataset);
        await window.PressAsync("Withdraw");
        await Assertions.Expect(window.Page.Locator("dialog")).ToContainTextAsync("60 rows, in force now");
        await window.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("main .title .pill")).ToHaveTextAsync("Withdrawn");
        Assert.NotNull((await new DatasetPaths(host.Storage, new PreparedDatasetStore(host.Storage), TimeProvider.System).FindAsync(SmallHost.Dataset, Cancel))!.Withdrawn);

        await window.GoAsync("", "Home");
        await window.PressAsync("Retrain now");
        await Eventually.TrueAsync(async () => (await host.Workflows.ListAsync(new(InstanceIdPrefix: "retrain-"), Cancel)).Count == 1);
        Assert.Empty(window.Faults);
    }
}
