using KeypointPipeline.Api.Hosts;
using KeypointPipeline.Local.Watching;

namespace KeypointPipeline.Local.Hosting;

/// <summary>What the local host says about itself.</summary>
/// <param name="options">Its options.</param>
/// <param name="schedule">Its schedule of retrainings; null for none.</param>
internal sealed class LocalHostFacts(LocalHostOptions options, RetrainSchedule? schedule) : IHostFacts
{
    /// <inheritdoc/>
    public HostFacts Read(DateTimeOffset now) => new("local", schedule?.Text, schedule?.NextAfter(now), options.Training, []);
}
