using System.Collections.Concurrent;
using System.Security.Cryptography;
using KeypointPipeline.Inference;
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

        await window.DropAsync("images", "from the page", photos);
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("Uploaded 3 files");
        await Eventually.TrueAsync(async () => await host.Storage.FindETagAsync(BlobLayout.Results, "from the page/summary.json", Cancel) is not null);
        await window.GoAsync("batches/from%20the%20page", "from the page");

        await Assertions.Expect(window.Page.Locator("button.tile")).ToHaveCountAsync(3);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task The_finder_that_a_person_chooses_becomes_a_part_of_the_drop()
    {
        LocalHost host = await small.HostAsync(Cancel);
        using TemporaryFolder folder = TestFolder.Create("page finder");
        string photo = Directory.EnumerateFiles(await DrawnInputs.DrawImagesAsync(folder, 1, Cancel)).First(file => !file.EndsWith(DrawnInputs.BrokenImage, StringComparison.Ordinal));
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync("", "Home");

        await window.Page.Locator("input[type=file]").First.SetInputFilesAsync(photo);
        ILocator finder = window.Field("What finds the faces?");
        await window.Field("What is it?").SelectOptionAsync("datasets");
        await Assertions.Expect(finder).ToBeHiddenAsync();
        await window.Field("What is it?").SelectOptionAsync("images");
        await finder.SelectOptionAsync("whole");
        await window.Field("Name").FillAsync("whole photos");
        await window.ConfirmAsync("Upload");
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("Uploaded");

        Assert.Equal("whole", (await BatchDrop.FindLatestAsync(host.Storage, "whole photos", Cancel))[0].Finder);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task An_upload_continues_after_the_host_was_stopped_and_nothing_is_half_dropped()
    {
        using TemporaryFolder home = TestFolder.Create("page upload");
        LocalHost host = await LocalHost.StartAsync(WaitingHost.Options(home.Path), Cancel);
        await AssertContinuesAsync(home.Path, host.Url, () => host.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task An_upload_continues_after_the_host_was_killed_in_the_middle_and_nothing_is_half_dropped()
    {
        using TemporaryFolder home = TestFolder.Create("page killed");
        await using HostProcess host = await HostProcess.StartAsync(home.Path);
        await AssertContinuesAsync(home.Path, host.Url, host.KillAsync);
    }

    /// <summary>Drops a file of five blocks. The first arrives, the second is on its way when the host ends, and the others wait for another
    /// host of the same data folder.</summary>
    private async Task AssertContinuesAsync(string home, Uri url, Func<Task> end)
    {
        using TemporaryFolder folder = TestFolder.Create("page large");
        string file = folder.File("large.csv");
        byte[] content = RandomNumberGenerator.GetBytes((4 * BlockBytes) + 1000);
        await File.WriteAllBytesAsync(file, content, Cancel);
        await using Window window = await browser.OpenAsync(url);
        var second = new TaskCompletionSource();
        var others = new TaskCompletionSource();
        var sent = new ConcurrentQueue<string>();
        await window.Page.RouteAsync("**/api/uploads/**", async route =>
        {
            string number = route.Request.Url[(route.Request.Url.LastIndexOf('=') + 1)..];
            if (route.Request.Method == "PUT" && number != "0")
                await (number == "1" ? second : others).Task;
            sent.Enqueue($"{route.Request.Method} {number}");
            await route.ContinueAsync();
        });
        await window.GoAsync("", "Home");

        await window.DropAsync("datasets", "large.csv", file);
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("4.2 MB of");
        second.SetResult();
        await end();
        others.SetResult();
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("The upload continues when it is back");
        await using LocalHost back = await LocalHost.StartAsync(WaitingHost.Options(home) with { Port = url.Port }, Cancel);
        Assert.Null(await back.Storage.FindETagAsync(BlobLayout.Datasets, "large.csv", Cancel));
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("Uploaded");

        Assert.Equal(content, (await back.Storage.Blob(BlobLayout.Datasets, "large.csv").DownloadContentAsync(Cancel)).Value.Content.ToArray());
        Assert.Single(await back.Workflows.ListAsync(new(InstanceIdPrefix: "ingest-large"), Cancel));
        Assert.Single(sent, "PUT 0");
    }
}
