using System.Net;
using System.Text.RegularExpressions;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Network;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>How the host serves the files of the page.</summary>
public sealed partial class PageFileTests(SmallHost small)
{
    private const int MostBytes = 300_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_addresses_of_the_page_give_the_same_html_with_a_strict_policy()
    {
        LocalHost host = await small.HostAsync(Cancel);
        using HttpClient http = LocalHttp.CreateClient(host.Url);
        foreach (string address in (string[])["/", "/api/page", "/api/page/", "/api/page/index.html"])
        {
            using HttpResponseMessage response = await http.GetAsync(address, Cancel);
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();

            Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Fact]
    public async Task A_file_that_the_browser_has_is_not_sent_again()
    {
        LocalHost host = await small.HostAsync(Cancel);
        using HttpClient http = LocalHttp.CreateClient(host.Url);
        using HttpResponseMessage first = await http.GetAsync("/api/page/app.js", Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/page/app.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await http.SendAsync(again, Cancel);

        Assert.Equal(("text/javascript", HttpStatusCode.OK), (first.Content.Headers.ContentType?.MediaType, first.StatusCode));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("nothing.js")]
    [InlineData("views")]
    [InlineData("..%2Fopenapi.json")]
    [InlineData("types.d.ts")]
    public async Task No_other_file_is_served(string name)
    {
        LocalHost host = await small.HostAsync(Cancel);
        using HttpClient http = LocalHttp.CreateClient(host.Url);

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/api/page/{name}", Cancel)).StatusCode);
    }

    [Fact]
    public void Every_file_that_a_file_names_exists_and_all_together_are_small()
    {
        string folder = Path.Combine(Local.Machine.RepositoryRoot.Path, "shared", "Page");
        string[] files = [.. PageFile.All.Keys];
        string[] missing =
        [
            .. from file in files
               let text = File.ReadAllText(Path.Combine(folder, file))
               from Match match in Reference().Matches(text)
               let target = match.Groups["page"].Success ? match.Groups["page"].Value
                   : Path.GetRelativePath(folder, Path.GetFullPath(Path.Combine(folder, Path.GetDirectoryName(file)!, match.Groups["module"].Value)))
               where !target.EndsWith("/types", StringComparison.Ordinal) && target is not ("types" or "view")
               where !files.Contains(target.Replace('\\', '/'))
               select $"{file}: {target}",
        ];

        Assert.Empty(missing);
        Assert.InRange(files.Sum(file => new FileInfo(Path.Combine(folder, file)).Length), 1, MostBytes);
    }

    [Fact]
    public void The_html_has_no_script_and_no_style_of_its_own()
    {
        string html = File.ReadAllText(Path.Combine(Local.Machine.RepositoryRoot.Path, "shared", "Page", PageFile.Index));

        Assert.DoesNotMatch("<style|style=|<script(?![^>]*src=)| on[a-z]+=", html);
    }

    [GeneratedRegex("""(?:src|href)="/api/page/(?<page>[^"]+)"|from "(?<module>\.[^"]+)"|import\("(?<module>\.[^"]+)"\)""", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Reference();
}
