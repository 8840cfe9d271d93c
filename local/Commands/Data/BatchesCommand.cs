using System.CommandLine;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Serialization;

namespace KeypointPipeline.Local.Commands.Data;

/// <summary><c>keypoints batches remove</c>: deletes the pictures and results of a batch.</summary>
internal static class BatchesCommand
{
    public static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var batch = new Argument<string>("batch") { Description = "Name of the batch: its folder in the images and results containers" };
        var remove = new Command("remove", "Delete the pictures and results of a batch; stops a prediction that runs") { batch, home, json };
        remove.SetAction(async (parsed, cancellationToken) =>
        {
            using RunningHost host = RunningHost.Connect(parsed.GetRequiredValue(home));
            BatchRemoval removal = await host.RemoveBatchAsync(parsed.GetRequiredValue(batch), cancellationToken);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(removal, PipelineJson.Compact));
            else
                RemovalText.Print(removal);
            return 0;
        });
        return new Command("batches", "Remove dropped pictures and their results\n\n  keypoints batches remove photos") { remove };
    }
}
