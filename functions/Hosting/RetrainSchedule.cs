using KeypointPipeline.Workflows;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>The schedule of retrainings: <see cref="Retrain.ScheduleVariable"/>, as NCRONTAB with six fields (seconds first), in
/// UTC.</summary>
public static class RetrainSchedule
{
    /// <summary>Checks the setting. The Functions host also reads it, but reports errors less clearly.</summary>
    /// <exception cref="FormatException">The setting is missing or not a schedule; the message names it.</exception>
    public static void Check(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        const string Expected = "expected NCRONTAB with six fields, such as '0 0 3 * * *' for 3:00 UTC every day";
        string? text = configuration[Retrain.ScheduleVariable];
        if (string.IsNullOrEmpty(text))
            throw new FormatException($"{Retrain.ScheduleVariable} is missing: {Expected}.");
        if (CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is null)
            throw new FormatException($"{Retrain.ScheduleVariable}='{text}' is not a schedule: {Expected}.");
    }
}
