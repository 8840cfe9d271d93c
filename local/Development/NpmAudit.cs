using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;

namespace KeypointPipeline.Local.Development;

/// <summary>Asks the npm registry for known vulnerabilities of the packages in a lock file.</summary>
internal static class NpmAudit
{
    /// <summary>The severities that count as a failure. Others are only reported, as these packages serve one person on loopback.</summary>
    private static readonly string[] Counted = ["high", "critical"];

    /// <summary>Asks the registry.</summary>
    /// <param name="packages">What the packages are, for the answer's text: "npm packages of …".</param>
    /// <param name="folder">Folder of the lock file.</param>
    /// <param name="environment">Says how the registry is reached, with the folder's own <c>.npmrc</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<AuditResult> RunAsync(
        string packages, string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        ToolOutcome outcome;
        try
        {
            outcome = await new NodeTool("the audit of npm packages").RunNpmAsync(folder, ["audit", "--json", "--package-lock-only"], environment, cancellationToken);
        }
        catch (MissingToolException e)
        {
            return new AuditResult(AuditVerdict.Unanswered, $"{packages}: not audited. {e.Message}");
        }

        return outcome.ReadOutput<NpmReport>()?.Vulnerabilities is { } vulnerable
            ? Judge(packages, vulnerable)
            : new AuditResult(AuditVerdict.Unanswered, $"{packages}: not audited, the registry does not answer `npm audit`");
    }

    private static AuditResult Judge(string packages, IReadOnlyDictionary<string, NpmPackage> vulnerable)
    {
        string[] found = [.. vulnerable.Values.Where(package => Counted.Contains(package.Severity)).Select(package => $"{package.Name}: {package.Severity}").Order(StringComparer.Ordinal)];
        string rest = vulnerable.Count > found.Length ? $" ({vulnerable.Count - found.Length} with less than high severity)" : "";
        return found.Length > 0
            ? new AuditResult(AuditVerdict.Vulnerable, $"{packages}: known vulnerabilities{rest}; for details, run `npm audit`:\n  " + string.Join("\n  ", found))
            : new AuditResult(AuditVerdict.Clean, $"{packages}: no known vulnerabilities{rest}");
    }

    /// <summary>The parts of <c>npm audit --json</c> that are read here. It has other members if the registry did not answer.</summary>
    private sealed record NpmReport(Dictionary<string, NpmPackage>? Vulnerabilities);

    private sealed record NpmPackage(string Name, string Severity);
}
