using KeypointPipeline.Local.Machine;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>The machine's Chromium, started by the first test that asks.</summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Missing = "Chromium was not found. Install it, then run the tests again: apt-get install -y chromium";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

    /// <summary>Without them, Chromium asks its maker's hosts for updates.</summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Folder of the pictures that tests keep, for people to look at.</summary>
    public static string Screenshots { get; } = Path.Combine(RepositoryRoot.Path, "artifacts", "page-screenshots");

    /// <summary>Opens a window of its own session. Skips the test if there is no browser.</summary>
    /// <param name="url">Where the host is.</param>
    /// <param name="look">The window's size and colours.</param>
    public async Task<Window> OpenAsync(Uri url, Look look = Look.Light)
    {
        IBrowserContext context = await (await StartedAsync()).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = url.ToString(),
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout((float)Window.Patience.TotalMilliseconds);
        var window = new Window(context, await context.NewPageAsync(), url);
        await window.LookAsync(look);
        return window;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }

    private static string? Find() => (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        from name in Names
        let path = Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    private async Task<IBrowser> StartedAsync()
    {
        string? program = Find();
        Assert.SkipWhen(program is null, Missing);
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            Assertions.SetDefaultExpectTimeout((float)Window.Patience.TotalMilliseconds);
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Arguments });
        }
        finally
        {
            _starting.Release();
        }
    }
}

/// <summary>Sizes and colours that the page is looked at in.</summary>
public enum Look
{
    /// <summary>A desktop with light colours.</summary>
    Light,

    /// <summary>A desktop with dark colours.</summary>
    Dark,

    /// <summary>A phone held upright.</summary>
    Phone,
}
