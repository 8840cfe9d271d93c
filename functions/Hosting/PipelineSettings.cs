using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using Microsoft.Extensions.Configuration;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>The app's settings, checked once at start.</summary>
/// <param name="Storage">The data account.</param>
/// <param name="Training">How to train where a request does not say.</param>
/// <param name="TrainerJobs">The Container Apps jobs, in order of preference.</param>
public sealed record PipelineSettings(StorageSettings Storage, TrainingSettings Training, IReadOnlyList<TrainerJob> TrainerJobs)
{
    /// <summary>Full resource ids of the trainer's Container Apps jobs, comma-separated, in order of preference.</summary>
    public const string TrainerJobsSetting = "TRAINER_JOBS";

    /// <summary>Reads all settings.</summary>
    /// <exception cref="InvalidSettingsException">Some cannot be used; the message names each of them.</exception>
    public static PipelineSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        StorageSettings? storage = Try(() => StorageSettings.Read(configuration));
        TrainingSettings? training = Try(() => TrainingVariables.Read(name => configuration[name]));
        IReadOnlyList<TrainerJob>? jobs = Try(() => ReadJobs(configuration[TrainerJobsSetting]));
        Try(() =>
        {
            RetrainSchedule.Check(configuration);
            return true;
        });
        return problems.Count == 0
            ? new PipelineSettings(storage!, training!, jobs!)
            : throw new InvalidSettingsException(problems);

        T? Try<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (FormatException e)
            {
                problems.Add(e.Message);
                return default;
            }
        }
    }

    private static TrainerJob[] ReadJobs(string? text)
    {
        string[] ids = text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (ids.Length == 0)
        {
            throw new FormatException(
                $"{TrainerJobsSetting} is missing: set it to the resource ids of the trainer's Container Apps jobs, comma-separated, the preferred first.");
        }

        return [.. ids.Select(TrainerJob.Parse)];
    }
}
