using System.Text.RegularExpressions;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>Charts that the host draws: learning curves and errors per keypoint.</summary>
public sealed partial class ChartViewTests(Browser browser, SmallHost small)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Look.Light, "light")]
    [InlineData(Look.Dark, "dark")]
    [InlineData(Look.Phone, "light")]
    public async Task A_learning_curve_is_shown_in_the_colours_of_the_page_and_follows_the_training(Look look, string theme)
    {
        LocalHost host = await small.HostAsync(Cancel);
        string run = $"charted-{look}".ToLowerInvariant();
        await WriteRunAsync(host.Storage, run, epochs: 20);
        await using Window window = await browser.OpenAsync(host.Url, look);
        List<string> asked = [];
        window.Page.Request += (_, request) => asked.Add(request.Url);
        await window.GoAsync($"training/{run}", run);

        ILocator curve = window.Page.GetByAltText("Error on validation rows: lowest at epoch 20 with 2.00 px");
        await ShownAsync(curve);
        Assert.Single(asked, url => url.EndsWith($"/api/trainings/{run}/curve.svg?theme={theme}", StringComparison.Ordinal));
        await window.KeepPictureAsync($"curve-{look}".ToLowerInvariant());
        await window.AssertSoundAsync();

        await WriteRunAsync(host.Storage, run, epochs: 40);
        await ShownAsync(window.Page.GetByAltText("Error on validation rows: lowest at epoch 40 with 1.50 px"));
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task Another_theme_draws_the_chart_anew()
    {
        LocalHost host = await small.HostAsync(Cancel);
        await WriteRunAsync(host.Storage, "charted-themes", epochs: 20);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync("training/charted-themes", "charted-themes");
        await ShownAsync(window.Page.Locator("img.chart"));

        Task<IRequest> drawn = window.Page.WaitForRequestAsync("**/curve.svg?theme=dark");
        await window.Page.GetByLabel("Theme").SelectOptionAsync("dark");
        await drawn;

        await ShownAsync(window.Page.Locator("img.chart"));
        await window.AssertSoundAsync();
    }

    [Theory]
    [InlineData(Look.Light)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task Two_models_are_compared_as_bars_and_as_a_table(Look look)
    {
        LocalHost host = await small.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url, look);
        await window.GoAsync("models/v2/compare/v1", "Side by side");

        await ShownAsync(window.Page.GetByAltText("Error per keypoint of v2 and v1"));
        await window.Page.GetByText("The errors as a table").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Region, new() { Name = "Errors per keypoint" }).Locator("tbody tr")).ToHaveCountAsync(15);
        await window.KeepPictureAsync($"bars-{look}".ToLowerInvariant());
        await window.AssertSoundAsync();
    }

    /// <summary>Waits until a picture is loaded, from a blob URL.</summary>
    private static async Task ShownAsync(ILocator picture)
    {
        await Assertions.Expect(picture).ToHaveAttributeAsync("src", Blob());
        Assert.Equal(760, await picture.EvaluateAsync<int>("async (image) => { await image.decode(); return image.naturalWidth; }"));
    }

    /// <summary>A training that was planned and has epochs. Its error falls to 2 px at epoch 20 and 1.5 px at epoch 40.</summary>
    private static async Task WriteRunAsync(PipelineStorage storage, string run, int epochs)
    {
        var request = new TrainingRequest(run, ["ds-1"], new KeypointSchema(["nose"], 96, 96), "data", new TrainingSettings(), DateTimeOffset.UnixEpoch);
        await WriteAsync(TrainingRunFiles.Request, PipelineJson.Write(request));
        await WriteAsync(TrainingRunFiles.Metrics, string.Concat(Enumerable.Range(1, epochs)
            .Select(i => PipelineJson.Write(new EpochMetrics(i, 0.001, 1.0 / i, 1 + (20.0 / i), 1, 100)) + "\n")));

        async Task WriteAsync(string name, string content) =>
            await storage.Blob(BlobLayout.Runs, $"{run}/{name}").UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);
    }

    [GeneratedRegex("^blob:", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Blob();
}
