using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>What the page does while things happen: it follows, and it says when the host is away. Workflows only wait for an event.</summary>
public sealed class WatchingTests(Browser browser, WaitingHost waiting)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_that_the_host_is_away_and_continues_when_it_is_back()
    {
        using TemporaryFolder home = TestFolder.Create("page away");
        LocalHost host = await LocalHost.StartAsync(WaitingHost.Options(home.Path), Cancel);
        Uri url = host.Url;
        await using Window window = await browser.OpenAsync(url);
        await window.GoAsync("workflows", "Workflows");

        await host.DisposeAsync();
        ILocator away = window.Page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(away).ToContainTextAsync("The host does not answer");
        await Assertions.Expect(window.Heading("Workflows")).ToBeVisibleAsync();

        await using LocalHost back = await LocalHost.StartAsync(WaitingHost.Options(home.Path) with { Port = url.Port }, Cancel);
        await back.Workflows.StartAsync(Retrain.Ref, new RetrainInput("a test", false, null), "retrain-after", Cancel);
        await Assertions.Expect(away).ToBeHiddenAsync();
        await Assertions.Expect(window.Page.GetByText("retrain-after").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_style_that_changes_while_the_page_follows_is_shown_within_the_policy()
    {
        LocalHost host = await waiting.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync("workflows", "Workflows");

        string width = await window.Page.EvaluateAsync<string>("""
            async () => {
              const { h, update } = await import("/api/page/dom.js");
              const shown = h("div", null, h("i", { style: { width: "10px" } }));
              update(shown, h("div", null, h("i", { style: { width: "20px" } })));
              return shown.firstChild.style.width;
            }
            """);

        Assert.Equal("20px", width);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_hidden_page_asks_rarely_and_an_idle_one_less_often()
    {
        LocalHost host = await waiting.HostAsync(Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.Page.Clock.InstallAsync();
        int asked = 0;
        window.Page.Request += (_, request) => asked += request.Url.EndsWith("/api/models", StringComparison.Ordinal) ? 1 : 0;
        await window.GoAsync("models", "Models");

        for (int second = 0; second < 60; second++)
        {
            await window.Page.Clock.RunForAsync(1000);
            await window.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => done(null)))");
        }

        Assert.InRange(asked, 2, 15);
    }
}
