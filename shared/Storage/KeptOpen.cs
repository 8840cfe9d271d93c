namespace KeypointPipeline.Storage;

/// <summary>Keeps open what takes long to open, for the many small steps that use the same: who asks for what is open joins its users.
/// What nobody uses is closed, but for what was asked for last.</summary>
internal sealed class KeptOpen<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private Entry? _last;

    /// <summary>Opens something, or joins its users.</summary>
    /// <param name="key">What.</param>
    /// <param name="open">Opens it; its token is cancelled when this is disposed.</param>
    /// <param name="cancellationToken">Gives up waiting; the opening goes on for others.</param>
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

    /// <summary>Closes something as soon as nobody uses it, although it was asked for last.</summary>
    public void Forget(string key)
    {
        Entry? forgotten = null;
        lock (_gate)
        {
            if (_last?.Key == key)
                (forgotten, _last) = (_last, null);
        }

        Leave(forgotten);
    }

    /// <summary>Closes what is open once its users are done.</summary>
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

        // Nobody may have waited until it was open.
        _ = entry.Opening.ContinueWith(
            static opened => opened.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>What is open or opening. Its being the last is a use, too.</summary>
    private sealed class Entry(string key, Task<T> opening)
    {
        public string Key { get; } = key;

        public Task<T> Opening { get; } = opening;

        public bool HasFailed => Opening is { IsCompleted: true, IsCompletedSuccessfully: false };

        public int Users { get; set; }
    }
}

/// <summary>The right to use something that others use, too, until disposal.</summary>
public sealed class Lease<T> : IDisposable
{
    private Action? _leave;

    internal Lease(T value, Action leave)
    {
        Value = value;
        _leave = leave;
    }

    /// <summary>What may be used; not the user's to dispose.</summary>
    public T Value { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
