using KeypointPipeline.Local.Machine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace KeypointPipeline.Local.Logging;

/// <summary>Writes one line for the person at the terminal: level and message. The log file has the exceptions with their stack
/// traces.</summary>
internal sealed class BriefConsoleFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "brief";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string level = logEntry.LogLevel switch
        {
            LogLevel.Critical => "fatal",
            LogLevel.Error => "error",
            LogLevel.Warning => "warning",
            _ => "info",
        };
        textWriter.WriteLine($"{level}: {TerminalText.Of(logEntry.Formatter(logEntry.State, null))}");
    }
}
