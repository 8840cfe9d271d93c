using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;

namespace KeypointPipeline.Local.Development;

/// <summary>Asks the NuGet feeds (<c>auditSources</c> if the configuration names some) for known vulnerabilities of all packages of a
/// restored project or solution, including transitive ones.</summary>
internal static class NuGetAudit
{
    /// <summary>The entry in the index of a feed that keeps a list of vulnerabilities. A feed without a list reports none.</summary>
    private const string VulnerabilityList = "VulnerabilityInfo/";

    /// <summary>Asks the feeds.</summary>
    /// <param name="project">Path of the project or solution.</param>
    /// <param name="http">Reads the feeds' indexes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<AuditResult> RunAsync(string project, HttpClient http, CancellationToken cancellationToken)
    {
        ToolOutcome outcome = await CapturedProcess.RunAsync(
            "dotnet",
            ["list", project, "package", "--vulnerable", "--include-transitive", "--format", "json"],
            Path.GetDirectoryName(project),
            NoProxyVariables.WithLoopback(Environment.GetEnvironmentVariable),
            cancellationToken);
        if (outcome.ReadOutput<NuGetReport>() is not NuGetReport report)
            return new AuditResult(AuditVerdict.Unanswered, $"NuGet packages: not audited, `dotnet list package` said: {FirstLine(outcome.Output + outcome.Errors)}");

        string[] found = [.. report.Findings().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (found.Length > 0)
            return new AuditResult(AuditVerdict.Vulnerable, "NuGet packages with known vulnerabilities:\n  " + string.Join("\n  ", found));
        foreach (string source in report.Sources ?? [])
        {
            if (await KeepsListAsync(source, http, cancellationToken))
                return new AuditResult(AuditVerdict.Clean, "NuGet packages: no known vulnerabilities");
        }

        return new AuditResult(AuditVerdict.Unanswered, "NuGet packages: not audited, no feed here keeps a list of vulnerabilities");
    }

    private static async Task<bool> KeepsListAsync(string source, HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            return (await http.GetStringAsync(source, cancellationToken)).Contains(VulnerabilityList, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // The feed is unreachable, a folder or needs a login: it has no answer for us.
            return false;
        }
    }

    private static string FirstLine(string text) => text.Trim().Split('\n')[0].Trim();

    /// <summary>The parts of <c>dotnet list package --format json</c> that are read here.</summary>
    private sealed record NuGetReport(IReadOnlyList<string>? Sources, IReadOnlyList<NuGetProject>? Projects)
    {
        public IEnumerable<string> Findings() =>
            from project in Projects ?? []
            from framework in project.Frameworks ?? []
            from package in (framework.TopLevelPackages ?? []).Concat(framework.TransitivePackages ?? [])
            from vulnerability in package.Vulnerabilities ?? []
            select $"{package.Id} {package.ResolvedVersion}: {vulnerability.Severity?.ToLowerInvariant()}, {vulnerability.AdvisoryUrl}";
    }

    private sealed record NuGetProject(IReadOnlyList<NuGetFramework>? Frameworks);

    private sealed record NuGetFramework(IReadOnlyList<NuGetPackage>? TopLevelPackages, IReadOnlyList<NuGetPackage>? TransitivePackages);

    private sealed record NuGetPackage(string Id, string? ResolvedVersion, IReadOnlyList<NuGetVulnerability>? Vulnerabilities);

    private sealed record NuGetVulnerability(string? Severity, string? AdvisoryUrl);
}
