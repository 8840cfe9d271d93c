using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace KeypointPipeline.TrainerJob.Commands;

/// <summary>Logs for people: one line each, on standard error.</summary>
internal static class ConsoleLogs
{
    /// <summary>Creates them.</summary>
    /// <param name="lowest">What is less important is not shown.</param>
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
