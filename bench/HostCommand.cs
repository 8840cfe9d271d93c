using System.Diagnostics;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Bench;

/// <summary>Starts <c>keypoints up</c> in a process of its own, on a free port. It trains only on what is dropped, never on a schedule.</summary>
internal static class HostCommand
{
    /// <summary>Creates what <see cref="Process"/> needs to start the host.</summary>
    /// <param name="home">The host's data folder.</param>
    public static ProcessStartInfo Up(string home) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "keypoints.dll"), "up", "--home", home, "--port", "0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { [Retrain.ScheduleVariable] = "never" },
        };
}
