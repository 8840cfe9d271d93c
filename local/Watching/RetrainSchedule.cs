using Cronos;
using KeypointPipeline.Errors;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Watching;

/// <summary>The schedule of retrainings: <see cref="Retrain.ScheduleVariable"/>, in UTC. It has five fields as in crontab, or six fields
/// with seconds first as in Azure Functions, so that one setting serves both hosts.</summary>
public sealed class RetrainSchedule
{
    private readonly CronExpression _cron;

    private RetrainSchedule(string text, CronExpression cron)
    {
        Text = text;
        _cron = cron;
    }

    /// <summary>The schedule as the user wrote it.</summary>
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

    /// <summary>Gets the first scheduled time after <paramref name="time"/>.</summary>
    /// <returns>Null if there is none.</returns>
    public DateTimeOffset? NextAfter(DateTimeOffset time) => _cron.GetNextOccurrence(time, TimeZoneInfo.Utc);

    /// <summary>Gets the last scheduled time after <paramref name="since"/> and not after <paramref name="now"/>.</summary>
    /// <returns>Null if there is none.</returns>
    public DateTimeOffset? LastDue(DateTimeOffset since, DateTimeOffset now)
    {
        DateTimeOffset? last = null;
        for (DateTimeOffset? next = NextAfter(since); next <= now; next = NextAfter(next.Value))
            last = next;
        return last;
    }
}
