namespace KeypointPipeline.Local.Development;

/// <summary>The answer to whether packages have known vulnerabilities.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Text">The answer in one line, or more if something was found.</param>
internal sealed record AuditResult(AuditVerdict Verdict, string Text);

/// <summary>An answer about packages.</summary>
internal enum AuditVerdict
{
    /// <summary>A feed with a list of vulnerabilities knows none.</summary>
    Clean,

    /// <summary>A package has a known vulnerability.</summary>
    Vulnerable,

    /// <summary>No feed with a list of vulnerabilities answered.</summary>
    Unanswered,
}
