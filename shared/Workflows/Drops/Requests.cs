namespace KeypointPipeline.Workflows.Drops;

/// <summary>Sends several requests at a time.</summary>
internal static class Requests
{
    private const int AtOnce = 16;

    /// <summary>Asks for each item, and keeps the answers in the order of the items.</summary>
    public static async Task<TAnswer[]> SideBySideAsync<TItem, TAnswer>(
        IReadOnlyList<TItem> items, Func<TItem, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        var answers = new TAnswer[items.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, items.Count), options, async (i, token) => answers[i] = await ask(items[i], token));
        return answers;
    }
}
