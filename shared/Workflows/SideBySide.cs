using KeypointPipeline.Inference;

namespace KeypointPipeline.Workflows;

/// <summary>Runs the parts of a batch, a few at a time. The next part starts when one of them ends, so that no part waits in the engine's
/// queues before its turn.</summary>
internal static class SideBySide
{
    /// <summary>Runs parts and adds their counts.</summary>
    /// <param name="parts">Number of parts.</param>
    /// <param name="atOnce">Maximum parts that run at once.</param>
    /// <param name="start">Starts a part, given its number from 0.</param>
    /// <param name="progress">Receives the counts of the parts that have ended.</param>
    public static async Task<ChunkTotals> RunAsync(int parts, int atOnce, Func<int, Task<ChunkTotals>> start, Action<ChunkTotals> progress)
    {
        var totals = new ChunkTotals(0, 0);
        var running = new List<Task<ChunkTotals>>();
        int next = 0;
        while (next < parts || running.Count > 0)
        {
            while (next < parts && running.Count < atOnce)
                running.Add(start(next++));
            Task<ChunkTotals> ended = await Task.WhenAny(running);
            running.Remove(ended);
            totals += await ended;
            progress(totals);
        }

        return totals;
    }
}
