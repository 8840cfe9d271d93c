using Microsoft.Data.Sqlite;

namespace KeypointPipeline.Local.Engine.Journal;

/// <summary>The one writer of a journal: takes changes from any thread, writes all that wait in one transaction (group commit),
/// and tells each when it is on file. Changes, and what follows their commit, run in the order they were posted, on one thread;
/// state that only they touch needs no lock.</summary>
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
    /// <param name="connection">From <see cref="JournalFile.OpenForWriting"/>.</param>
    /// <param name="onFault">Called once, on the writer's thread, when the journal cannot be written; nothing is written after it.</param>
    public JournalWriter(SqliteConnection connection, Action<Exception> onFault)
    {
        _session = new JournalSession(connection);
        _onFault = onFault;
        new Thread(Run) { IsBackground = true, Name = "workflow journal" }.Start();
    }

    /// <summary>Posts a change. It is dropped where the journal is closed: a restart finds the same thing to do again.</summary>
    /// <param name="write">Writes it, within a transaction.</param>
    /// <param name="committed">Runs once it is on file.</param>
    public void Post(Action<JournalSession> write, Action? committed = null) => Add(new PostedChange(write, committed));

    /// <summary>Writes a change and waits until it is on file.</summary>
    /// <param name="write">Writes it, within a transaction, and gives the result.</param>
    /// <param name="committed">Runs once it is on file, before the caller goes on.</param>
    /// <param name="cancellationToken">Stops waiting, not the change.</param>
    /// <exception cref="InvalidOperationException">The journal is closed or cannot be written.</exception>
    public Task<T> WriteAsync<T>(Func<JournalSession, T> write, Action<T>? committed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var change = new AwaitedChange<T>(write, committed);
        Add(change);
        return change.Result.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what waits, then closes the file.</summary>
    public Task DrainAsync() => CloseAsync(abandon: false);

    /// <summary>Drops what waits and closes the file, as a crash would.</summary>
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
            // Whatever it was, disk full or a bug: nothing may be written past a gap, so the engine stops here and says so.
            Refuse(e);
            _onFault(e);
        }
        finally
        {
            _session.Dispose();
            _closed.SetResult();
        }
    }

    /// <summary>All that waits, or null when closed and empty.</summary>
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
