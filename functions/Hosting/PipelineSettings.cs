using KeypointPipeline.Inference;
using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Microsoft.Extensions.Configuration;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>Settings of the function app, checked once at start.</summary>
/// <param name="Storage">Address of the data account.</param>
/// <param name="Training">Training settings for requests that give none.</param>
/// <param name="Jobs">The Container Apps jobs, in order of preference.</param>
/// <param name="Cloud">The cloud that has the jobs.</param>
/// <param name="Finder">What finds the instances of pictures of batches that state nothing.</param>
public sealed record PipelineSettings(StorageSettings Storage, TrainingSettings Training, TrainerJobs Jobs, AzureCloud Cloud, HostFinder Finder)
{
    /// <summary>Code may be deployed to an app whose settings are older. The function is then in error, and all others work.</summary>
    private const string NoReconciler = $"{Reconciler.ScheduleVariable} is missing, so the function Reconcile does not run and a drop whose "
        + "event is lost starts nothing. Run 'azd provision': it sets 0 */10 * * * *, every 10 minutes.";

    /// <summary>A sentence about a setting without which the app works, but not fully; null if there is none.</summary>
    public string? Warning { get; private init; }

    /// <summary>When the app retrains, as it was set; null if it was not read from settings.</summary>
    public string? RetrainSchedule { get; private init; }

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
        HostFinder? finder = Try(() => HostFinder.Read(name => configuration[name]));
        Try(() =>
        {
            TimerSchedule.Require(configuration, Retrain.ScheduleVariable, "'0 0 3 * * *' for 3:00 UTC every day");
            return true;
        });
        bool reconciles = Try(() => TimerSchedule.Check(configuration, Reconciler.ScheduleVariable, "'0 */10 * * * *' for every 10 minutes"));
        return problems.Count == 0
            ? new PipelineSettings(storage!, training!, jobs!, cloud!, finder!)
            {
                Warning = reconciles ? null : NoReconciler,
                RetrainSchedule = configuration[Retrain.ScheduleVariable],
            }
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
