using System.Net;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>The page on a host that other machines reach: its files need no key, all data do.</summary>
public sealed class KeyTests(Browser browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_is_asked_for_once_a_session_and_stands_in_no_address_and_no_lasting_storage()
    {
        using TemporaryFolder home = TestFolder.Create("page key");
        await using LocalHost host = await LocalHost.StartAsync(
            SmallHost.Options(home.Path) with { Catalog = WaitingWorkflows.Catalog, Listen = IPAddress.Any }, Cancel);
        string key = (await File.ReadAllTextAsync(new LocalHostFiles(home.Path).HttpKey, Cancel)).Trim();
        await using Window window = await browser.OpenAsync(host.Url);
        IPage page = window.Page;
        var addresses = new List<string>();
        page.Request += (_, request) => addresses.Add(request.Url);

        await page.GotoAsync("/");
        await EnterAsync("wrong");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await EnterAsync(key);
        await window.Heading("Home").WaitForAsync();
        await page.ReloadAsync();
        await window.Heading("Home").WaitForAsync();

        Assert.DoesNotContain(addresses, address => address.Contains(key, StringComparison.Ordinal));
        Assert.DoesNotContain(key, await page.EvaluateAsync<string>("JSON.stringify(localStorage) + document.cookie + location.href"), StringComparison.Ordinal);
        await window.AssertSoundAsync();

        async Task EnterAsync(string text)
        {
            ILocator field = page.GetByLabel("Key", new() { Exact = true });
            await field.FillAsync(text);
            await page.GetByRole(AriaRole.Button, new() { Name = "Use key" }).ClickAsync();
        }
    }
}
