using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using Microsoft.Extensions.Configuration;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Settings of the function app, checked once at start.</summary>
/// <param name="Storage">Address of the data account.</param>
/// <param name="Training">Training settings for requests that give none.</param>
/// <param name="Jobs">The Container Apps jobs, in order of preference.</param>
/// <param name="Cloud">The cloud that has the jobs.</param>
public sealed record PipelineSettings(StorageSettings Storage, TrainingSettings Training, TrainerJobs Jobs, AzureCloud Cloud)
{
    /// <summary>Reads all settings.</summary>
    /// <exception cref="InvalidSettingsException">At least one setting is invalid. The message names each invalid setting.</exception>
    public static PipelineSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        StorageSettings? storage = Try(() => StorageSettings.Read(configuration));
        TrainingSettings? training = Try(() => TrainingHostSettings.Read(name => configuration[name]));
        TrainerJobs? jobs = Try(() => TrainerJobs.Parse(configuration[TrainerJobs.Variable]));
        AzureCloud? cloud = Try(() => AzureCloud.Parse(configuration[AzureCloud.Variable]));
        Try(() =>
        {
            RetrainSchedule.Check(configuration);
            return true;
        });
        return problems.Count == 0
            ? new PipelineSettings(storage!, training!, jobs!, cloud!)
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
}
