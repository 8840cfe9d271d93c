using Microsoft.Extensions.Configuration;
using NCrontab;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Settings that say when a timer runs: NCRONTAB with six fields (seconds first), in UTC. The Functions host reads them too, but
/// reports errors less clearly.</summary>
public static class TimerSchedule
{
    private static readonly CrontabSchedule.ParseOptions Seconds = new() { IncludingSeconds = true };

    /// <summary>Checks a schedule.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="name">Name of the setting.</param>
    /// <param name="example">A schedule and what it means, for the message.</param>
    /// <returns>False if the setting is missing.</returns>
    /// <exception cref="FormatException">The setting is not a schedule; the message names it.</exception>
    public static bool Check(IConfiguration configuration, string name, string example)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        string? text = configuration[name];
        if (string.IsNullOrEmpty(text))
            return false;
        return CrontabSchedule.TryParse(text, Seconds) is not null
            ? true
            : throw new FormatException($"{name}='{text}' is not a schedule: {Expected(example)}.");
    }

    /// <summary>Checks a schedule that must be set.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="name">Name of the setting.</param>
    /// <param name="example">A schedule and what it means, for the message.</param>
    /// <exception cref="FormatException">The setting is missing or not a schedule; the message names it.</exception>
    public static void Require(IConfiguration configuration, string name, string example)
    {
        if (!Check(configuration, name, example))
            throw new FormatException($"{name} is missing: {Expected(example)}.");
    }

    /// <summary>Gets the first time of a schedule after a time, UTC. Returns null if the text is not a schedule.</summary>
    public static DateTimeOffset? NextAfter(string schedule, DateTimeOffset time) =>
        CrontabSchedule.TryParse(schedule, Seconds) is CrontabSchedule parsed
            ? new DateTimeOffset(parsed.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero)
            : null;

    private static string Expected(string example) => $"expected NCRONTAB with six fields, such as {example}";
}
