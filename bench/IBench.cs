using System.CommandLine;

namespace KeypointPipeline.Bench;

/// <summary>A measurement that anybody can repeat: <c>./keypoints bench NAME</c>. A class that implements this and has a constructor
/// without parameters is found by <see cref="BenchRegistry"/>.</summary>
internal interface IBench
{
    /// <summary>Creates its command: the name, the help, the options and what runs.</summary>
    Command CreateCommand();
}
