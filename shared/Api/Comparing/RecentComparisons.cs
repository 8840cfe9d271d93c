namespace KeypointPipeline.Api.Comparing;

/// <summary>Keeps the errors of the newest comparisons, because predicting their rows takes seconds. It keeps no rows and no points.</summary>
internal sealed class RecentComparisons
{
    private const int MostKept = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string First, string Second, int Top, int TestRows), ModelsSideBySide> _kept = [];
    private readonly Queue<(string First, string Second, int Top, int TestRows)> _order = new();

    /// <summary>Finds the errors of a comparison; null if it is not kept.</summary>
    public ModelsSideBySide? Find(string first, string second, int top, int testRows)
    {
        lock (_lock)
            return _kept.GetValueOrDefault((first, second, top, testRows));
    }

    /// <summary>Keeps the errors of a comparison. Published versions do not change. The test rows of two versions change only with their
    /// number: when planning finds out what a version of earlier days learned from.</summary>
    public void Keep(ModelsSideBySide comparison, int top)
    {
        (string, string, int, int) key = (comparison.First, comparison.Second, top, comparison.TestRows);
        lock (_lock)
        {
            if (_kept.TryAdd(key, comparison with { Pictures = [] }))
                _order.Enqueue(key);
            if (_order.Count > MostKept)
                _kept.Remove(_order.Dequeue());
        }
    }
}
