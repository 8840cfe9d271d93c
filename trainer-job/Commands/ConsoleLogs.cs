using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Logs for people: one line per entry, on standard error.</summary>
internal static class ConsoleLogs
{
    /// <summary>Creates a factory for such logs.</summary>
    /// <param name="lowest">The lowest level that is shown.</param>
    public static ILoggerFactory Create(LogLevel lowest) => LoggerFactory.Create(logs => logs
        .SetMinimumLevel(lowest)
        .AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        })
        .Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace));
}
