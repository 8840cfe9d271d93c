using System.CommandLine;

namespace KeypointPipeline.Bench;

/// <summary>One measurement that anybody can repeat: <c>./keypoints bench NAME</c>. A new one is a new file and a line in
/// <c>Program.cs</c>.</summary>
internal interface IBench
{
    /// <summary>Its name, what it measures, its own options, and how it runs.</summary>
    Command CreateCommand();
}
