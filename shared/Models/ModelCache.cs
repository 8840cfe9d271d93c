using KeypointPipeline.Inference;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Models;

/// <summary>Keeps the model used last open, so that the many small steps of a batch share one session. A model that was replaced
/// is closed when its last user is done.</summary>
public sealed class ModelCache(ModelRegistry models, WorkFolder work) : IDisposable
{
    private readonly Lock _lock = new();
    private Entry? _current;

    /// <summary>Opens a published version, or joins those who use it. Dispose the lease when done; the model stays the cache's.</summary>
    /// <exception cref="ModelNotFoundException">The version is not published.</exception>
    public async Task<ModelLease> OpenAsync(string version, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_lock)
        {
            if (_current?.Version != version || _current.Model is { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _current?.Retire();
                _current = new Entry(version, LoadAsync(version));
            }

            entry = _current;
            entry.Join();
        }

        try
        {
            return new ModelLease(await entry.Model.WaitAsync(cancellationToken), entry.Leave);
        }
        catch
        {
            entry.Leave();
            throw;
        }
    }

    /// <summary>Closes the model when nobody uses it any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _current?.Retire();
            _current = null;
        }
    }

    /// <summary>Not cancelled by the first who asks: others wait for it too.</summary>
    private async Task<KeypointModel> LoadAsync(string version)
    {
        string path = Path.Combine(work.Models, $"{version}.onnx");
        if (!File.Exists(path))
            await models.DownloadAsync(version, path, CancellationToken.None);
        return await Task.Run(() => KeypointModel.Open(path));
    }

    /// <summary>One open model; counts its users, the cache itself being the first.</summary>
    private sealed class Entry(string version, Task<KeypointModel> model)
    {
        private int _users = 1;

        public string Version { get; } = version;

        public Task<KeypointModel> Model { get; } = model;

        public void Join() => Interlocked.Increment(ref _users);

        public void Retire() => Leave();

        public void Leave()
        {
            if (Interlocked.Decrement(ref _users) == 0 && Model.IsCompletedSuccessfully)
                Model.Result.Dispose();
        }
    }
}

/// <summary>The right to use a cached model until disposal.</summary>
public sealed class ModelLease : IDisposable
{
    private readonly Action _leave;

    internal ModelLease(KeypointModel model, Action leave)
    {
        Model = model;
        _leave = leave;
    }

    /// <summary>The open model.</summary>
    public KeypointModel Model { get; }

    /// <inheritdoc/>
    public void Dispose() => _leave();
}
