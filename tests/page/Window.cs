using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>A browser window that shows the page. It notes errors, and requests to hosts other than the page's own.</summary>
public sealed class Window : IAsyncDisposable
{
    /// <summary>Longest wait for something to appear. Machines that run all tests at once are slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    internal Window(IBrowserContext context, IPage page, Uri url)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => _faults.Enqueue(error);
        page.Dialog += (_, dialog) => _faults.Enqueue($"a script opened a dialog: {dialog.Message}");
        page.Console += (_, message) =>
        {
            // The browser itself notes every answer that is an error. Tests of such answers look at what the page makes of them.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _faults.Enqueue($"{message.Text} ({message.Location})");
        };
        page.Request += (_, request) =>
        {
            var target = new Uri(request.Url);
            if (target.Scheme != "blob" && (target.Host != url.Host || target.Port != url.Port))
                _faults.Enqueue($"a request to another host: {request.Url}");
        };
    }

    /// <summary>The tab.</summary>
    public IPage Page { get; }

    /// <summary>Errors of scripts, refusals of the Content-Security-Policy, and requests to other hosts, so far.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Goes to a view and waits until it shows data.</summary>
    /// <param name="view">The address after <c>#/</c>.</param>
    /// <param name="heading">Its heading; null for any.</param>
    public async Task GoAsync(string view, string? heading = null)
    {
        await Page.GotoAsync($"/#/{view}");
        await Heading(heading).WaitForAsync();
    }

    /// <summary>The heading of a view.</summary>
    public ILocator Heading(string? text = null) => text is null
        ? Page.Locator("main h1")
        : Page.GetByRole(AriaRole.Heading, new() { Name = text, Level = 1, Exact = true });

    /// <summary>A part of a view, by its heading.</summary>
    public ILocator Section(string heading) =>
        Page.Locator("section", new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true }) });

    /// <summary>A field of the open question.</summary>
    public ILocator Field(string label) => Page.Locator("dialog").GetByLabel(label, new() { Exact = true });

    /// <summary>Answers the open question with this button.</summary>
    public async Task ConfirmAsync(string name)
    {
        await Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await Assertions.Expect(Page.Locator("dialog")).ToHaveCountAsync(0);
    }

    /// <summary>Presses a button that downloads a file.</summary>
    /// <returns>Name and content of the file.</returns>
    public async Task<(string Name, byte[] Content)> DownloadAsync(ILocator button)
    {
        IDownload download = await Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken));
    }

    /// <summary>Drops files on Home, as a person who chooses them.</summary>
    /// <param name="kind">What the files are: <c>datasets</c> or <c>images</c>.</param>
    /// <param name="name">The name to drop them under.</param>
    /// <param name="files">The files.</param>
    public async Task DropAsync(string kind, string name, params string[] files)
    {
        await Page.Locator("input[type=file]").First.SetInputFilesAsync(files);
        await Field("What is it?").SelectOptionAsync(kind);
        await Field("Name").FillAsync(name);
        await ConfirmAsync("Upload");
    }

    /// <summary>Presses a button.</summary>
    public Task PressAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>Changes size and colours of the window.</summary>
    public async Task LookAsync(Look look)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = look == Look.Dark ? ColorScheme.Dark : ColorScheme.Light });
        await (look == Look.Phone ? Page.SetViewportSizeAsync(390, 844) : Page.SetViewportSizeAsync(1280, 900));
    }

    /// <summary>Keeps a picture of the whole page, once its charts and pictures are there. Pictures load when they come into view.</summary>
    public async Task KeepPictureAsync(string name)
    {
        await Assertions.Expect(Page.Locator("img.chart:not([src])")).ToHaveCountAsync(0);
        await Page.WaitForFunctionAsync("[...document.querySelectorAll('img.chart')].every(chart => chart.complete && chart.naturalWidth > 0)");
        await Page.EvaluateAsync("""
            async () => {
              for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
                scrollTo(0, y);
                await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
              }
              scrollTo(0, 0);
            }
            """);
        await Assertions.Expect(Page.Locator("main img.picture:not([src]):not(.missing)")).ToHaveCountAsync(0);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, $"{name}.png"), FullPage = true });
    }

    /// <summary>Asserts that nothing keeps people with disabilities out, and that nothing went wrong. In dark colours, only the contrast is
    /// looked at: elements and layout are those of the light ones.</summary>
    public async Task AssertSoundAsync(Look look = Look.Light)
    {
        AxeResult result = await Page.RunAxe(look == Look.Dark ? new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] } } : null);
        Assert.Empty(result.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
        Assert.Empty(_faults);
        Assert.Equal(0, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
