using Microsoft.Extensions.Configuration;
using NCrontab;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>When to retrain.</summary>
public static class RetrainSchedule
{
    /// <summary>The setting: NCRONTAB with six fields (seconds first), UTC.</summary>
    public const string Setting = "RETRAIN_SCHEDULE";

    /// <summary>Checks the setting, which the host reads by itself.</summary>
    /// <exception cref="FormatException">It is missing or not a schedule; the message names it.</exception>
    public static void Check(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        const string Expected = "expected NCRONTAB with six fields, such as '0 0 3 * * *' for three o'clock UTC every day";
        string? text = configuration[Setting];
        if (string.IsNullOrEmpty(text))
            throw new FormatException($"{Setting} is missing: {Expected}.");
        if (CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is null)
            throw new FormatException($"{Setting}='{text}' is not a schedule: {Expected}.");
    }
}
