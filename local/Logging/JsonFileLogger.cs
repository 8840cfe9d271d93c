using System.Text.Json;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Logging;

/// <summary>Writes logs as JSON Lines with their named values, so that they can be searched by instance, run or path. Writes the file line
/// by line, renames it at 10 MB and keeps the newest five files. If the file cannot be written (disk full), lines are dropped and
/// counted, so that the program continues.</summary>
public sealed class JsonFileLoggerProvider : ILoggerProvider
{
    private const long MaxBytes = 10_000_000;
    private const int FilesKept = 5;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private FileStream _file;
    private int _leftOut;

    /// <summary>Opens the file. Creates its folder if it is missing.</summary>
    public JsonFileLoggerProvider(string path, TimeProvider time)
    {
        _path = path;
        _time = time;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Open();
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new JsonLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _file.Dispose();
    }

    private FileStream Open() =>
        new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private void Write(LogLine line)
    {
        byte[] text = Text(line);
        lock (_gate)
        {
            try
            {
                if (_file.Length >= MaxBytes)
                    StartNewFile();
                if (_leftOut > 0)
                {
                    // The line feed ends the partial line that the last failure may have left.
                    LogLine gap = new(line.Time, LogLevel.Warning, nameof(JsonFileLoggerProvider), $"{_leftOut} lines could not be written here", [], null);
                    _file.Write([(byte)'\n', .. Text(gap)]);
                    _leftOut = 0;
                }

                _file.Write(text);
            }
            catch (IOException)
            {
                _leftOut++;
            }
        }
    }

    private static byte[] Text(LogLine line) => [.. JsonSerializer.SerializeToUtf8Bytes(line, PipelineJson.Compact), (byte)'\n'];

    private void StartNewFile()
    {
        for (int age = FilesKept - 1; age >= 1 && File.Exists(_path); age--)
        {
            string file = age == 1 ? _path : Numbered(age - 1);
            if (File.Exists(file))
                File.Move(file, Numbered(age), overwrite: true);
        }

        FileStream next = Open();
        _file.Dispose();
        _file = next;
    }

    private string Numbered(int age) => Path.ChangeExtension(_path, $"{age}{Path.GetExtension(_path)}");

    private sealed class JsonLogger(JsonFileLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = new SortedDictionary<string, string?>(StringComparer.Ordinal);
            if (state is IEnumerable<KeyValuePair<string, object?>> named)
            {
                foreach ((string name, object? value) in named)
                {
                    if (name != "{OriginalFormat}")
                        values[name] = value?.ToString();
                }
            }

            provider.Write(new LogLine(
                provider._time.GetUtcNow(), logLevel, category, formatter(state, exception), values, exception?.ToString()));
        }
    }

    private sealed record LogLine(
        DateTimeOffset Time, LogLevel Level, string Category, string Message, SortedDictionary<string, string?> Values, string? Exception);
}
