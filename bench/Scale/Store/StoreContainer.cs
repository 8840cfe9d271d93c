namespace KeypointPipeline.Bench.Scale.Store;

/// <summary>The blobs of a container, in the order of their names, and the blocks that are not part of a blob yet.</summary>
internal sealed class StoreContainer
{
    private readonly Lock _gate = new();
    private readonly SortedSet<StoredBlob> _blobs = new(StoredBlob.ByName);
    private readonly Dictionary<(string Blob, string Block), BlobContent> _blocks = [];

    /// <summary>Finds a blob.</summary>
    public StoredBlob? Find(string name)
    {
        lock (_gate)
            return _blobs.TryGetValue(StoredBlob.Probe(name), out StoredBlob? blob) ? blob : null;
    }

    /// <summary>Replaces a blob if its current state is as expected.</summary>
    /// <param name="blob">The new blob.</param>
    /// <param name="accepts">Checks the current blob, or null if there is none.</param>
    /// <param name="replaced">The blob that was replaced, or null.</param>
    /// <returns>False if the state was not accepted.</returns>
    public bool TryPut(StoredBlob blob, Func<StoredBlob?, bool> accepts, out StoredBlob? replaced)
    {
        lock (_gate)
        {
            replaced = _blobs.TryGetValue(blob, out StoredBlob? current) ? current : null;
            if (!accepts(replaced))
                return false;
            if (replaced is not null)
                _blobs.Remove(replaced);
            _blobs.Add(blob);
            return true;
        }
    }

    /// <summary>Removes a blob if its current state is as expected.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="accepts">Checks the current blob.</param>
    /// <param name="removed">The blob, or null if there is none.</param>
    /// <returns>False if the state was not accepted.</returns>
    public bool TryRemove(string name, Func<StoredBlob?, bool> accepts, out StoredBlob? removed)
    {
        lock (_gate)
        {
            removed = _blobs.TryGetValue(StoredBlob.Probe(name), out StoredBlob? current) ? current : null;
            return removed is null || (accepts(removed) && _blobs.Remove(removed));
        }
    }

    /// <summary>Lists blobs in name order.</summary>
    /// <param name="prefix">Beginning of their names.</param>
    /// <param name="from">The first name, or null for the first of the prefix.</param>
    /// <param name="count">The most blobs.</param>
    public IReadOnlyList<StoredBlob> List(string prefix, string? from, int count)
    {
        string first = from is null || string.CompareOrdinal(from, prefix) < 0 ? prefix : from;
        lock (_gate)
        {
            return [.. _blobs.GetViewBetween(StoredBlob.Probe(first), StoredBlob.Probe(prefix + char.MaxValue))
                .TakeWhile(blob => blob.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Take(count)];
        }
    }

    /// <summary>Keeps a block.</summary>
    public void PutBlock(string blob, string block, BlobContent content)
    {
        lock (_gate)
            _blocks[(blob, block)] = content;
    }

    /// <summary>Takes blocks out.</summary>
    /// <returns>The blocks in order, or null if one is missing.</returns>
    public IReadOnlyList<BlobContent>? TakeBlocks(string blob, IReadOnlyList<string> blocks)
    {
        lock (_gate)
        {
            if (!blocks.All(block => _blocks.ContainsKey((blob, block))))
                return null;
            var taken = new List<BlobContent>(blocks.Count);
            foreach (string block in blocks)
            {
                _blocks.Remove((blob, block), out BlobContent? content);
                taken.Add(content!);
            }

            return taken;
        }
    }
}
