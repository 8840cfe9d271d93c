namespace KeypointPipeline.Images.Placing;

/// <summary>Keeps an even sample of a sequence of unknown length: every item, then every second, fourth, … one. The same sequence gives the
/// same sample.</summary>
/// <param name="most">The largest number of items that are kept.</param>
internal sealed class EvenSample<T>(int most)
{
    private List<T> _items = [];
    private long _seen;
    private long _step = 1;

    /// <summary>The sampled items, in order.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Counts the next item. Returns whether it belongs to the sample; then <see cref="Add"/> it.</summary>
    public bool Takes() => _seen++ % _step == 0;

    /// <summary>Adds an item that <see cref="Takes"/> announced.</summary>
    public void Add(T item)
    {
        _items.Add(item);
        if (_items.Count <= most)
            return;
        _items = [.. _items.Where((_, i) => i % 2 == 0)];
        _step *= 2;
    }
}
