namespace KeypointPipeline.Local.Development;

/// <summary>What came of asking for known vulnerabilities of packages.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Text">The answer in a line, or more where something was found.</param>
internal sealed record AuditResult(AuditVerdict Verdict, string Text);

/// <summary>An answer about packages.</summary>
internal enum AuditVerdict
{
    /// <summary>Somebody who would know was asked and knows of nothing.</summary>
    Clean,

    /// <summary>A package has a known vulnerability.</summary>
    Vulnerable,

    /// <summary>Nobody who would know could be asked.</summary>
    Unanswered,
}
