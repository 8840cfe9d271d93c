using System.Text.Json;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.EndToEnd.Tests;

/// <summary>Settings that are small enough for a test, and drops that wait for their workflow to end.</summary>
internal static class SmallPipeline
{
    /// <summary>A real training of a few seconds.</summary>
    public static readonly TrainingSettings Training = new(Epochs: 3, Network: "ml-resnet-small");

    public static LocalHostOptions Options(string home) => new()
    {
        Home = home,
        Port = 0,
        RetrainSchedule = null,
        Training = Training,
        PollInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Drops a file or folder and waits for what it starts.</summary>
    public static async Task<WorkflowStatus> DropAndWaitAsync(LocalHost host, string path, CancellationToken cancellationToken)
    {
        DroppedItem item = await new Dropper(host.Storage).DropAsync(path, name: null, progress: null, cancellationToken);
        return await Eventually.EndedAsync(host.Workflows, item.InstanceId);
    }

    /// <summary>The output of an instance that must have completed.</summary>
    public static T Output<T>(WorkflowStatus status)
    {
        Assert.True(status.RuntimeStatus == WorkflowRuntimeStatus.Completed, $"{status.InstanceId} {status.RuntimeStatus}: {status.Output}");
        return status.Output!.Value.Deserialize<T>(PipelineJson.Compact)!;
    }
}
