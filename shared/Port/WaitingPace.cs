namespace KeypointPipeline.Port;

/// <summary>How often a workflow looks again for something that it waits for. The looks become rarer the longer it has waited, so that its
/// history stays short: 160 looks in the first ten hours. What it waits for is noticed after at most a twentieth of the time waited.</summary>
public static class WaitingPace
{
    private const int Share = 20;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    /// <summary>The wait until the next look.</summary>
    /// <param name="waited">How long the workflow has waited so far. Negative if the clock was set back.</param>
    /// <param name="longest">Maximum wait between two looks.</param>
    public static TimeSpan Next(TimeSpan waited, TimeSpan longest)
    {
        TimeSpan wait = waited / Share;
        return wait < Shortest ? Shortest : wait > longest ? longest : wait;
    }
}
