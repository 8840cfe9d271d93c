using KeypointPipeline.Local.Hosting;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Storage;
using KeypointPipeline.Workflows;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>What the page does while things happen: it follows, and it says when the host is away. Workflows only wait for an event.</summary>
public sealed class WatchingTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_that_the_host_is_away_and_continues_when_it_is_back()
    {
        using TemporaryFolder home = TestFolder.Create("page away");
        LocalHost host = await LocalHost.StartAsync(Options(home.Path), Cancel);
        Uri url = host.Url;
        await using Window window = await browser.OpenAsync(url);
        await window.GoAsync("workflows", "Workflows");

        await host.DisposeAsync();
        ILocator away = window.Page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(away).ToContainTextAsync("The host does not answer");
        await Assertions.Expect(window.Heading("Workflows")).ToBeVisibleAsync();

        await using LocalHost back = await LocalHost.StartAsync(Options(home.Path) with { Port = url.Port }, Cancel);
        await back.Workflows.StartAsync(Retrain.Ref, new RetrainInput("a test", false, null), "retrain-after", Cancel);
        await Assertions.Expect(away).ToBeHiddenAsync();
        await Assertions.Expect(window.Page.GetByText("retrain-after").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_instance_is_followed_found_by_filter_and_terminated_by_keyboard_alone()
    {
        using TemporaryFolder home = TestFolder.Create("page keyboard");
        await using LocalHost host = await LocalHost.StartAsync(Options(home.Path), Cancel);
        await host.Workflows.StartAsync(Retrain.Ref, new RetrainInput("a test", false, null), "retrain-keys", Cancel);
        await using Window window = await browser.OpenAsync(host.Url);
        IPage page = window.Page;
        await window.GoAsync("", "Home");

        await TabToAsync(page, "Workflows");
        await page.Keyboard.PressAsync("Enter");
        await window.Heading("Workflows").WaitForAsync();
        await TabToAsync(page, "Retraining retrain-keys");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Timeline" }).WaitForAsync();
        await TabToAsync(page, "Terminate");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("enough");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("main .pill").First).ToHaveTextAsync("Terminated");
        Assert.Equal("enough", (await host.Workflows.GetAsync("retrain-keys", Cancel))!.Output!.Value.GetString());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_hidden_page_asks_rarely_and_an_idle_one_less_often()
    {
        using TemporaryFolder home = TestFolder.Create("page idle");
        await using LocalHost host = await LocalHost.StartAsync(Options(home.Path), Cancel);
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

    /// <summary>Moves the focus until an element of this name has it.</summary>
    private static async Task TabToAsync(IPage page, string name)
    {
        for (int i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement?.textContent ?? ''") == name)
                return;
        }

        Assert.Fail($"The Tab key does not reach '{name}'.");
    }

    private static LocalHostOptions Options(string home) => SmallHost.Options(home) with { Catalog = WaitingWorkflows.Catalog };
}
