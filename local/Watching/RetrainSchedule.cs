using Cronos;
using KeypointPipeline.Errors;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Watching;

/// <summary>When to retrain: <see cref="Retrain.ScheduleVariable"/>, in UTC. Five fields as in crontab, or six with seconds first as Azure
/// Functions writes them, so that one setting serves both hosts.</summary>
public sealed class RetrainSchedule
{
    private readonly CronExpression _cron;

    private RetrainSchedule(string text, CronExpression cron)
    {
        Text = text;
        _cron = cron;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="UserErrorException">The text is not a schedule; the message says what is expected.</exception>
    public static RetrainSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        try
        {
            return new RetrainSchedule(text, CronExpression.Parse(text, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard));
        }
        catch (CronFormatException e)
        {
            throw new UserErrorException(
                $"{Retrain.ScheduleVariable} '{text}' is not a schedule: {e.Message} Expected five fields (minute hour day month weekday, "
                + "such as '0 3 * * *' for 3:00 UTC every day) or six with seconds first.",
                e);
        }
    }

    /// <summary>The first time after this one.</summary>
    /// <returns>Null where there is none.</returns>
    public DateTimeOffset? NextAfter(DateTimeOffset time) => _cron.GetNextOccurrence(time, TimeZoneInfo.Utc);

    /// <summary>The last time after <paramref name="since"/> and not after <paramref name="now"/>.</summary>
    /// <returns>Null where none was missed.</returns>
    public DateTimeOffset? LastDue(DateTimeOffset since, DateTimeOffset now)
    {
        DateTimeOffset? last = null;
        for (DateTimeOffset? next = NextAfter(since); next <= now; next = NextAfter(next.Value))
            last = next;
        return last;
    }
}
