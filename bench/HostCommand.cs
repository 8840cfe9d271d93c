using System.Diagnostics;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Bench;

/// <summary><c>keypoints up</c> as a process of its own: on any free port, and it trains on nothing but what is dropped.</summary>
internal static class HostCommand
{
    /// <summary>How to start it.</summary>
    /// <param name="home">Its data folder.</param>
    public static ProcessStartInfo Up(string home) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), "up", "--home", home, "--port", "0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { [Retrain.ScheduleVariable] = "never" },
        };
}
