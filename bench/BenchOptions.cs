using System.CommandLine;

namespace KeypointPipeline.Bench;

/// <summary>Options that several measurements share.</summary>
internal static class BenchOptions
{
    /// <summary>Creates <c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the figures as JSON, for scripts" };
}
