using KeypointPipeline.Datasets;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>The whole pipeline in the browser: a real host with a real trainer process.</summary>
public sealed class StoryTests(Browser browser)
{
    private const string First = "faces 1.zip";
    private const string Second = "faces 2.zip";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Labels_are_dropped_and_trained_on_photos_predicted_and_looked_at_an_older_version_promoted_and_a_dataset_withdrawn()
    {
        using TemporaryFolder folder = TestFolder.Create("page story");
        await using LocalHost host = await LocalHost.StartAsync(Options(folder.File("home")), Cancel);
        var registry = new ModelRegistry(host.Storage, TimeProvider.System);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync("", "Home");
        await Assertions.Expect(window.Section("Model in use")).ToContainTextAsync("There is no model yet.");

        await window.DropAsync("datasets", First, await DrawnInputs.DrawDatasetAsync(folder, rows: 120, seed: 1, Cancel));
        await Assertions.Expect(window.Section("Running work")).ToContainTextAsync(First);
        string first = await PublishedAsync(registry, 1);
        await Assertions.Expect(window.Section("Model in use")).ToContainTextAsync(first);
        await AssertTrainingAsync(window);

        await window.GoAsync("", "Home");
        await window.DropAsync("datasets", Second, await DrawnInputs.DrawDatasetAsync(folder, rows: 60, seed: 2, Cancel));
        string second = await PublishedAsync(registry, 2);
        await Assertions.Expect(window.Section("Model in use")).ToContainTextAsync(second);

        string[] photos = [.. Directory.EnumerateFiles(await DrawnInputs.DrawImagesAsync(folder, 4, Cancel))];
        await window.DropAsync("images", "photos", photos);
        await Assertions.Expect(window.Page.Locator(".uploads")).ToContainTextAsync("Uploaded 5 files");
        await AssertBatchAsync(window, second);

        await window.GoAsync("models", "Models");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = first, Exact = true }).First.ClickAsync();
        await window.PressAsync("Roll back to this");
        await window.Field("Reason").FillAsync("better on my photos");
        await window.ConfirmAsync("Roll back");
        await Assertions.Expect(window.Page.Locator("main .title .pill")).ToHaveTextAsync("In use");
        ChampionPointer champion = (await registry.GetChampionAsync(Cancel))!;
        Assert.Equal((first, $"rolled back from {second} (better on my photos)"), (champion.Version, champion.Reason));

        await window.GoAsync("datasets", "Datasets");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = Second, Exact = true }).ClickAsync();
        await window.PressAsync("Withdraw");
        await window.ConfirmAsync("Withdraw");
        await Assertions.Expect(window.Page.Locator("main .title .pill")).ToHaveTextAsync("Withdrawn");
        var paths = new DatasetPaths(host.Storage, new PreparedDatasetStore(host.Storage), TimeProvider.System);
        Assert.NotNull((await paths.FindAsync(Second, Cancel))!.Withdrawn);
        Assert.Null((await paths.FindAsync(First, Cancel))!.Withdrawn);
        Assert.Empty(window.Faults);
    }

    private static LocalHostOptions Options(string home) => new()
    {
        Home = home,
        Port = 0,
        RetrainSchedule = null,
        Training = new TrainingSettings(Epochs: 3, Network: "ml-resnet-small"),
        PollInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Waits until so many versions are published and the newest is in use.</summary>
    private static async Task<string> PublishedAsync(ModelRegistry registry, int versions)
    {
        IReadOnlyList<ModelManifest> published = [];
        await Eventually.TrueAsync(async () =>
            (published = await registry.ListAsync(Cancel)).Count == versions && (await registry.GetChampionAsync(Cancel))?.Version == published[0].Version);
        return published[0].Version;
    }

    private static async Task AssertTrainingAsync(Window window)
    {
        await window.GoAsync("training", "Training");
        await window.Section("Earlier trainings").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(window.Section("Progress")).ToContainTextAsync("Processor");
        await Assertions.Expect(window.Section("Progress")).ToContainTextAsync("images/s");
        await Assertions.Expect(window.Section("Learning curve").Locator("tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(window.Section("Log")).ToContainTextAsync("The model is written");
        await window.KeepPictureAsync("story-training");
        await window.GoAsync($"datasets/{Uri.EscapeDataString(First)}", First);
        await Assertions.Expect(window.Section("Rows and groups by side").Locator("tbody tr")).ToHaveCountAsync(3);
    }

    private static async Task AssertBatchAsync(Window window, string version)
    {
        await window.GoAsync("batches/photos", "photos");
        await Assertions.Expect(window.Section("Summary")).ToContainTextAsync(version);
        await Assertions.Expect(window.Section("Errors by reason")).ToContainTextAsync(DrawnInputs.BrokenImage);
        ILocator tiles = window.Page.Locator("button.tile");
        await Assertions.Expect(tiles).ToHaveCountAsync(4);
        await tiles.First.ClickAsync();
        ILocator zoom = window.Page.Locator("dialog.zoom");
        await zoom.GetByLabel("Names").CheckAsync();
        await Assertions.Expect(zoom.Locator("svg text").First).ToBeVisibleAsync();
        await zoom.GetByRole(AriaRole.Button, new() { Name = "Larger" }).ClickAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(zoom).ToHaveCountAsync(0);
    }
}
