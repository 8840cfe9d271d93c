using System.Security.Cryptography;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>Files that people drop on the page.</summary>
public sealed class UploadTests(Browser browser, SmallHost small)
{
    private const int BlockBytes = 4 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dropped_photos_are_uploaded_predicted_and_shown()
    {
        LocalHost host = await small.HostAsync(Cancel);
        using TemporaryFolder folder = TestFolder.Create("page photos");
        string[] photos = [.. Directory.EnumerateFiles(await DrawnInputs.DrawImagesAsync(folder, 3, Cancel)).Where(file => !file.EndsWith(DrawnInputs.BrokenImage, StringComparison.Ordinal))];
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync("", "Home");

        await DropAsync(window, "from the page", photos);
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("Uploaded 3 files");
        await Eventually.TrueAsync(async () => await host.Storage.FindETagAsync(BlobLayout.Results, "from the page/summary.json", Cancel) is not null);
        await window.GoAsync("batches/from%20the%20page", "from the page");

        await Assertions.Expect(window.Page.Locator("button.tile")).ToHaveCountAsync(3);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task An_upload_continues_after_the_host_was_away_and_nothing_is_half_dropped()
    {
        using TemporaryFolder home = TestFolder.Create("page upload");
        LocalHostOptions options = SmallHost.Options(home.Path) with { Catalog = WaitingWorkflows.Catalog };
        string file = home.File("large.csv");
        byte[] content = RandomNumberGenerator.GetBytes((4 * BlockBytes) + 1000);
        await File.WriteAllBytesAsync(file, content, Cancel);
        LocalHost host = await LocalHost.StartAsync(options, Cancel);
        Uri url = host.Url;
        await using Window window = await browser.OpenAsync(url);
        var released = new TaskCompletionSource();
        var sent = new List<string>();
        await window.Page.RouteAsync("**/api/uploads/**", async route =>
        {
            bool isLater = route.Request.Method == "PUT" && !route.Request.Url.EndsWith("block=0", StringComparison.Ordinal);
            if (isLater)
                await released.Task;
            lock (sent)
                sent.Add($"{route.Request.Method} {route.Request.Url[(route.Request.Url.LastIndexOf('=') + 1)..]}");
            await route.ContinueAsync();
        });
        await window.GoAsync("", "Home");

        await DropAsync(window, "large.csv", file);
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("4.2 MB of");
        await host.DisposeAsync();
        released.SetResult();
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("The upload continues when it is back");
        await using LocalHost back = await LocalHost.StartAsync(options with { Port = url.Port }, Cancel);
        Assert.Null(await back.Storage.FindETagAsync(BlobLayout.Datasets, "large.csv", Cancel));
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("Uploaded");

        Assert.Equal(content, (await back.Storage.Blob(BlobLayout.Datasets, "large.csv").DownloadContentAsync(Cancel)).Value.Content.ToArray());
        Assert.Single(await back.Workflows.ListAsync(new(InstanceIdPrefix: "ingest-large"), Cancel));
        Assert.Single(sent, "PUT 0");
    }

    private static async Task DropAsync(Window window, string name, params string[] files)
    {
        await window.Page.Locator("input[type=file]").First.SetInputFilesAsync(files);
        await window.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await window.PressAsync("Upload");
    }
}
