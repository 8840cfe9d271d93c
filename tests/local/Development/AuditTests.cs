using System.Xml.Linq;
using KeypointPipeline.Local.Development;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Network;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Development;

/// <summary>The real clients of both package managers against feeds that know something, know of nothing, or cannot know.</summary>
public sealed class AuditTests
{
    private const string Package = "Cronos";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Version => XDocument.Load(Path.Combine(RepositoryRoot.Path, "Directory.Packages.props"))
        .Descendants("PackageVersion").Single(p => p.Attribute("Include")!.Value == Package).Attribute("Version")!.Value;

    [Fact]
    public async Task A_known_vulnerability_of_a_NuGet_package_is_named()
    {
        AuditResult result = await AuditNuGetAsync(path => NuGetFeed(path, Package));

        Assert.True(result.Verdict == AuditVerdict.Vulnerable, result.Text);
        Assert.Contains($"{Package} {Version}: high, https://example.org/advisory", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_feed_knows_of_nothing_NuGet_packages_are_clean()
    {
        AuditResult result = await AuditNuGetAsync(path => NuGetFeed(path, "Another.Package"));

        Assert.True(result.Verdict == AuditVerdict.Clean, result.Text);
    }

    [Fact]
    public async Task A_feed_without_a_list_of_vulnerabilities_says_nothing_about_NuGet_packages()
    {
        AuditResult result = await AuditNuGetAsync(path => path == "/index.json" ? """{"version":"3.0.0","resources":[]}""" : null);

        Assert.Equal(AuditVerdict.Unanswered, result.Verdict);
        Assert.DoesNotContain('\n', result.Text);
    }

    [Fact]
    public async Task A_feed_that_is_away_says_nothing_about_NuGet_packages()
    {
        AuditResult result = await AuditNuGetAsync(_ => null);

        Assert.Equal(AuditVerdict.Unanswered, result.Verdict);
        Assert.DoesNotContain('\n', result.Text);
    }

    [Theory]
    [InlineData("high", AuditVerdict.Vulnerable)]
    [InlineData("moderate", AuditVerdict.Clean)]
    [InlineData(null, AuditVerdict.Clean)]
    public async Task A_serious_vulnerability_of_an_npm_package_is_named(string? severity, object expected)
    {
        AuditResult result = await AuditNpmAsync(path => path switch
        {
            "/-/npm/v1/security/advisories/bulk" when severity is null => "{}",
            "/-/npm/v1/security/advisories/bulk" =>
                $$"""{"left-thing":[{"id":1,"url":"https://example.org","title":"t","severity":"{{severity}}","vulnerable_versions":"*"}]}""",
            "/left-thing" => """{"name":"left-thing","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"left-thing","version":"1.0.0","dist":{}}}}""",
            _ => null,
        });

        Assert.Equal((AuditVerdict)expected, result.Verdict);
        Assert.Equal(severity == "high", result.Text.Contains("left-thing: high", StringComparison.Ordinal));
        Assert.Equal(severity == "moderate", result.Text.Contains("1 with less than high severity", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registry_that_does_not_audit_says_nothing_about_npm_packages()
    {
        AuditResult result = await AuditNpmAsync(_ => null);

        Assert.Equal(AuditVerdict.Unanswered, result.Verdict);
        Assert.DoesNotContain('\n', result.Text);
    }

    private static string? NuGetFeed(string path, string vulnerable) => path switch
    {
        "/index.json" => """{"version":"3.0.0","resources":[{"@id":"{url}/list.json","@type":"VulnerabilityInfo/6.7.0"}]}""",
        "/list.json" => """[{"@name":"base","@id":"{url}/base.json","@updated":"2026-11-01T00:00:00Z"}]""",
        "/base.json" => $$"""{"{{vulnerable.ToLowerInvariant()}}":[{"url":"https://example.org/advisory","severity":2,"versions":"(, 99.0.0)"}]}""",
        _ => null,
    };

    private static async Task<AuditResult> AuditNuGetAsync(Func<string, string?> find)
    {
        await using FakeFeed feed = await FakeFeed.StartAsync(find, Cancel);
        using TemporaryFolder folder = TestFolder.Create("audit");
        await File.WriteAllTextAsync(folder.File("NuGet.config"), $"""
            <configuration>
              <auditSources><add key="fake" value="{feed.Url}/index.json" allowInsecureConnections="true" /></auditSources>
            </configuration>
            """, Cancel);
        await File.WriteAllTextAsync(folder.File("audited.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
              <ItemGroup><PackageReference Include="{Package}" Version="{Version}" /></ItemGroup>
            </Project>
            """, Cancel);
        using HttpClient http = LocalHttp.CreateClient();
        return await NuGetAudit.RunAsync(folder.File("audited.csproj"), http, Cancel);
    }

    /// <summary>None of the user's own settings: they name another registry and another cache.</summary>
    private static Dictionary<string, string> OnlyTheFolders(TemporaryFolder folder)
    {
        Dictionary<string, string> variables = NoProxyVariables.WithLoopback(Environment.GetEnvironmentVariable);
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(NpmEnvironment.IsSetting))
            variables[name] = "";
        variables["npm_config_userconfig"] = folder.File("no user's .npmrc");
        variables["npm_config_globalconfig"] = folder.File("no global .npmrc");
        return variables;
    }

    private static async Task<AuditResult> AuditNpmAsync(Func<string, string?> find)
    {
        await using FakeFeed feed = await FakeFeed.StartAsync(find, Cancel);
        using TemporaryFolder folder = TestFolder.Create("audit");
        await File.WriteAllTextAsync(folder.File(".npmrc"), $"registry={feed.Url}/\ncache={folder.File("cache")}\nfetch-retries=0\n", Cancel);
        await File.WriteAllTextAsync(folder.File("package.json"), """{"name":"audited","private":true,"dependencies":{"left-thing":"1.0.0"}}""", Cancel);
        await File.WriteAllTextAsync(folder.File("package-lock.json"), """
            {"name":"audited","lockfileVersion":3,"requires":true,"packages":{
              "":{"name":"audited","dependencies":{"left-thing":"1.0.0"}},
              "node_modules/left-thing":{"version":"1.0.0"}}}
            """, Cancel);
        return await NpmAudit.RunAsync("npm packages", folder.Path, OnlyTheFolders(folder), Cancel);
    }
}
