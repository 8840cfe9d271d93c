using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>The only writer of a journal. It takes changes from any thread, writes all waiting changes in one transaction (group
/// commit), and calls back once they are on file. Changes and their callbacks run in order on one thread, so state that only
/// they touch needs no lock.</summary>
internal sealed class JournalWriter : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _signal = new(initialState: false);
    private readonly JournalSession _session;
    private readonly Action<Exception> _onFault;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<JournalChange> _waiting = [];
    private Exception? _refusal;

    /// <summary>Takes over the connection and starts the writer's thread.</summary>
    /// <param name="connection">The connection from <see cref="JournalFile.OpenForWriting"/>.</param>
    /// <param name="onFault">Called once, on the writer's thread, if the journal cannot be written. Nothing is written after that.</param>
    public JournalWriter(SqliteConnection connection, Action<Exception> onFault)
    {
        _session = new JournalSession(connection);
        _onFault = onFault;
        new Thread(Run) { IsBackground = true, Name = "workflow journal" }.Start();
    }

    /// <summary>Posts a change. A closed journal drops it, because a restart finds the same work again.</summary>
    /// <param name="write">Writes the change within a transaction.</param>
    /// <param name="committed">Runs once the change is on file.</param>
    public void Post(Action<JournalSession> write, Action? committed = null) => Add(new PostedChange(write, committed));

    /// <summary>Writes a change and waits until it is on file.</summary>
    /// <param name="write">Writes the change within a transaction, and returns the result.</param>
    /// <param name="committed">Runs once the change is on file, before the caller continues.</param>
    /// <param name="cancellationToken">Cancels the wait, not the change.</param>
    /// <exception cref="InvalidOperationException">The journal is closed or cannot be written.</exception>
    public Task<T> WriteAsync<T>(Func<JournalSession, T> write, Action<T>? committed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var change = new AwaitedChange<T>(write, committed);
        Add(change);
        return change.Result.WaitAsync(cancellationToken);
    }

    /// <summary>Writes the waiting changes, then closes the file.</summary>
    public Task DrainAsync() => CloseAsync(abandon: false);

    /// <summary>Drops the waiting changes and closes the file, as a crash would.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(abandon: true);
        _signal.Dispose();
    }

    private Task CloseAsync(bool abandon)
    {
        List<JournalChange> dropped = [];
        lock (_gate)
        {
            _refusal ??= new InvalidOperationException("The workflow engine has stopped.");
            if (abandon)
                (dropped, _waiting) = (_waiting, dropped);
            _signal.Set();
        }

        foreach (JournalChange change in dropped)
            change.Rejected(_refusal);
        return _closed.Task;
    }

    private void Add(JournalChange change)
    {
        Exception? refusal;
        lock (_gate)
        {
            refusal = _refusal;
            if (refusal is null)
            {
                _waiting.Add(change);
                _signal.Set();
            }
        }

        if (refusal is not null)
            change.Rejected(refusal);
    }

    private void Run()
    {
        try
        {
            while (Take() is { } changes)
                Write(changes);
        }
        catch (Exception e)
        {
            // After any error, from a full disk to a bug, writing on would leave a gap. So the engine stops and reports the error.
            Refuse(e);
            _onFault(e);
        }
        finally
        {
            _session.Dispose();
            _closed.SetResult();
        }
    }

    /// <summary>Takes the waiting changes. Returns null once the journal is closed and none waits.</summary>
    private List<JournalChange>? Take()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    List<JournalChange> taken = _waiting;
                    _waiting = [];
                    return taken;
                }

                if (_refusal is not null)
                    return null;
            }

            _signal.WaitOne();
        }
    }

    private void Write(List<JournalChange> changes)
    {
        try
        {
            _session.Begin();
            foreach (JournalChange change in changes)
                change.Write(_session);
            _session.Commit();
            foreach (JournalChange change in changes)
                change.Committed();
        }
        catch (Exception e)
        {
            Exception refusal = Refuse(e);
            foreach (JournalChange change in changes)
                change.Rejected(refusal);
            throw;
        }
    }

    private InvalidOperationException Refuse(Exception cause)
    {
        var refusal = new InvalidOperationException($"The workflow engine has stopped: its journal cannot be written ({cause.Message}).", cause);
        List<JournalChange> waiting;
        lock (_gate)
        {
            _refusal = refusal;
            waiting = _waiting;
            _waiting = [];
        }

        foreach (JournalChange change in waiting)
            change.Rejected(refusal);
        return refusal;
    }

    private abstract class JournalChange
    {
        public abstract void Write(JournalSession session);

        public abstract void Committed();

        public abstract void Rejected(Exception reason);
    }

    private sealed class PostedChange(Action<JournalSession> write, Action? committed) : JournalChange
    {
        public override void Write(JournalSession session) => write(session);

        public override void Committed() => committed?.Invoke();

        public override void Rejected(Exception reason)
        {
        }
    }

    private sealed class AwaitedChange<T>(Func<JournalSession, T> write, Action<T>? committed) : JournalChange
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _value = default!;

        public Task<T> Result => _result.Task;

        public override void Write(JournalSession session) => _value = write(session);

        public override void Committed()
        {
            committed?.Invoke(_value);
            _result.TrySetResult(_value);
        }

        public override void Rejected(Exception reason) => _result.TrySetException(reason);
    }
}
