using KeypointPipeline.Api.Hosts;

namespace KeypointPipeline.Functions.Hosting;

/// <summary>What the function app says about itself.</summary>
/// <param name="settings">Its settings.</param>
internal sealed class FunctionsHostFacts(PipelineSettings settings) : IHostFacts
{
    /// <inheritdoc/>
    public HostFacts Read(DateTimeOffset now) => new(
        "functions",
        settings.RetrainSchedule,
        settings.RetrainSchedule is string schedule ? TimerSchedule.NextAfter(schedule, now) : null,
        settings.Training,
        settings.Warning is string warning ? [warning] : []);
}
