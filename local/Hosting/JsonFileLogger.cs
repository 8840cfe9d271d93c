using System.Text.Json;
using KeypointPipeline.Serialization;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Hosting;

/// <summary>Writes logs as JSON Lines with their named values, so that they can be searched by instance, run or path. The file is
/// flushed line by line, renamed at 10 MB, and the newest five are kept.</summary>
public sealed class JsonFileLoggerProvider : ILoggerProvider
{
    private const long MaxBytes = 10_000_000;
    private const int FilesKept = 5;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private StreamWriter _writer;

    /// <summary>Opens the file, creating its folder.</summary>
    public JsonFileLoggerProvider(string path, TimeProvider time)
    {
        _path = path;
        _time = time;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writer = Open();
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new JsonLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _writer.Dispose();
    }

    private StreamWriter Open() =>
        new(new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_writer.BaseStream.Length >= MaxBytes)
                StartNewFile();
            _writer.WriteLine(line);
        }
    }

    private void StartNewFile()
    {
        _writer.Dispose();
        for (int age = FilesKept - 1; age >= 1; age--)
        {
            string file = age == 1 ? _path : Numbered(age - 1);
            if (File.Exists(file))
                File.Move(file, Numbered(age), overwrite: true);
        }

        _writer = Open();
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

            provider.Write(JsonSerializer.Serialize(
                new LogLine(
                    provider._time.GetUtcNow(), logLevel, category, formatter(state, exception), values, exception?.ToString()),
                PipelineJson.Compact));
        }
    }

    private sealed record LogLine(
        DateTimeOffset Time, LogLevel Level, string Category, string Message, SortedDictionary<string, string?> Values, string? Exception);
}
