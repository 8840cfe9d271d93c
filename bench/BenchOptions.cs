using System.CommandLine;

namespace KeypointPipeline.Bench;

/// <summary>Options that several measurements have.</summary>
internal static class BenchOptions
{
    /// <summary>For scripts.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the figures as JSON, for scripts" };
}
