using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using KeypointPipeline.Training;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.TrainerJob.Running;

/// <summary>Keeps the newest lines of a run's log, which <see cref="TrainingRunFiles.Log"/> shows to people who do not see this machine. The
/// lines of earlier starts stay before those of this one. Keys are left out.</summary>
/// <param name="time">The clock.</param>
public sealed partial class RunLog(TimeProvider time) : ILoggerProvider
{
    /// <summary>The most characters of the file. The oldest lines go first.</summary>
    public const int MostCharacters = 64 * 1024;

    private const int LongestEntry = 4000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private int _characters;
    private bool _hasChanged;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Entries(this);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Puts the lines of the run's earlier starts before those of this one.</summary>
    internal async Task ContinueAsync(IRunFolder folder, CancellationToken cancellationToken)
    {
        if (await folder.ReadAsync(TrainingRunFiles.Log, cancellationToken) is not byte[] file)
            return;
        lock (_lock)
        {
            string[] own = [.. _lines];
            _lines.Clear();
            _characters = 0;
            foreach (string line in (string[])[.. Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries), .. own])
                Add(line);
        }
    }

    /// <summary>Writes the file if a line came since it was written last.</summary>
    internal async Task WriteAsync(IRunFolder folder, CancellationToken cancellationToken)
    {
        string text;
        lock (_lock)
        {
            if (!_hasChanged)
                return;
            _hasChanged = false;
            text = string.Join('\n', _lines) + '\n';
        }

        try
        {
            await folder.WriteAsync(TrainingRunFiles.Log, Encoding.UTF8.GetBytes(text), cancellationToken);
        }
        catch
        {
            lock (_lock)
                _hasChanged = true;
            throw;
        }
    }

    private void Note(LogLevel level, string message, Exception? exception)
    {
        string entry = $"{message}{(exception is null ? "" : $"\n{exception}")}";
        entry = Key().Replace(entry.Length > LongestEntry ? entry[..LongestEntry] + " …" : entry, "${name}=…");
        string start = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss} {NameOf(level)}");
        lock (_lock)
        {
            foreach (string line in entry.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
                Add(start + line);
        }
    }

    private void Add(string line)
    {
        _lines.Enqueue(line);
        _characters += line.Length + 1;
        while (_characters > MostCharacters)
            _characters -= _lines.Dequeue().Length + 1;
        _hasChanged = true;
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error: ",
        LogLevel.Warning => "warning: ",
        _ => "",
    };

    /// <summary>Secret parts of connection strings and of signed addresses. No entry is meant to have any.</summary>
    [GeneratedRegex(
        """(?<name>AccountKey|SharedAccessKey|SharedAccessSignature|InstrumentationKey|sig)=[^;&\s"']+""",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();

    private sealed class Entries(RunLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Note(logLevel, formatter(state, exception), exception);
        }
    }
}
