namespace KeypointPipeline.Storage;

/// <summary>Shares one open instance among callers, for things that take long to open and that many small steps use. An instance is
/// closed when nobody uses it. The instance opened last stays open.</summary>
internal sealed class KeptOpen<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private Entry? _last;

    /// <summary>Opens an instance, or shares the one that is already open.</summary>
    /// <param name="key">Identifies the instance.</param>
    /// <param name="open">Opens the instance. Its token is cancelled when this object is disposed.</param>
    /// <param name="cancellationToken">Stops waiting. Opening continues for other callers.</param>
    /// <returns>The right to use the instance. The caller disposes it.</returns>
    public async Task<Lease<T>> OpenAsync(string key, Func<CancellationToken, Task<T>> open, CancellationToken cancellationToken)
    {
        Entry entry = Join(key, open);
        try
        {
            return new Lease<T>(await entry.Opening.WaitAsync(cancellationToken), () => Leave(entry));
        }
        catch
        {
            Leave(entry);
            throw;
        }
    }

    /// <summary>Closes each open instance once its users have finished.</summary>
    public void Dispose()
    {
        if (_closing.IsCancellationRequested)
            return;
        _closing.Cancel();
        Entry? last;
        lock (_gate)
            (last, _last) = (_last, null);
        Leave(last);
        _closing.Dispose();
    }

    private Entry Join(string key, Func<CancellationToken, Task<T>> open)
    {
        Entry? entry;
        Entry? replaced = null;
        lock (_gate)
        {
            if (!_open.TryGetValue(key, out entry) || entry.HasFailed)
            {
                CancellationToken closing = _closing.Token;
                _open[key] = entry = new Entry(key, Task.Run(() => open(closing), closing));
            }

            entry.Users++;
            if (_last != entry)
            {
                entry.Users++;
                (replaced, _last) = (_last, entry);
            }
        }

        Leave(replaced);
        return entry;
    }

    private void Leave(Entry? entry)
    {
        if (entry is null)
            return;
        lock (_gate)
        {
            if (--entry.Users > 0)
                return;
            if (_open.GetValueOrDefault(entry.Key) == entry)
                _open.Remove(entry.Key);
        }

        // All users may have left before opening finished, so closing must wait for it.
        _ = entry.Opening.ContinueWith(
            static opened => opened.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>An instance that is open or opening. Being the last one opened counts as a use.</summary>
    private sealed class Entry(string key, Task<T> opening)
    {
        public string Key { get; } = key;

        public Task<T> Opening { get; } = opening;

        public bool HasFailed => Opening is { IsCompleted: true, IsCompletedSuccessfully: false };

        public int Users { get; set; }
    }
}

/// <summary>The right to use a shared instance until disposal.</summary>
public sealed class Lease<T> : IDisposable
{
    private Action? _leave;

    internal Lease(T value, Action leave)
    {
        Value = value;
        _leave = leave;
    }

    /// <summary>The shared instance. Do not dispose it; dispose the lease.</summary>
    public T Value { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
