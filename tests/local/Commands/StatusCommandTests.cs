using KeypointPipeline.Local.Commands;
using KeypointPipeline.Port;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands;

public sealed class StatusCommandTests
{
    private const string Batch = "batch-large-0123456789ab";

    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_batch_is_listed_although_all_of_the_newest_instances_are_its_parts()
    {
        string section = InstanceIds.Section(InstanceIds.SectionNode(Batch, 1), 70);
        WorkflowStatus[] newest = [.. Enumerable.Range(0, 64).Select(group => Instance(InferChunks.Ref.Name, InstanceIds.ChunkGroup(section, group), Noon))];

        WorkflowStatus listed = Assert.Single(await RootsAsync(newest, Instance(InferBatch.Ref.Name, Batch, Noon.AddHours(-9))));

        Assert.Equal(Batch, listed.InstanceId);
    }

    [Fact]
    public async Task Each_instance_that_others_work_for_is_listed_once_the_newest_first()
    {
        const string Ingest = "ingest-faces-0123456789ab";
        WorkflowStatus[] newest =
        [
            Instance(TrainModel.Ref.Name, InstanceIds.Training(Ingest), Noon.AddMinutes(3)),
            Instance(InferChunks.Ref.Name, InstanceIds.ChunkGroup(Batch, 0), Noon.AddMinutes(2)),
            Instance(InferBatch.Ref.Name, Batch, Noon.AddMinutes(1)),
            Instance(IngestDataset.Ref.Name, Ingest, Noon),
            Instance(InferChunks.Ref.Name, InstanceIds.ChunkGroup("batch-purged-0123456789ab", 0), Noon),
        ];

        Assert.Equal([Batch, Ingest], (await RootsAsync(newest)).Select(instance => instance.InstanceId));
    }

    private static Task<IReadOnlyList<WorkflowStatus>> RootsAsync(WorkflowStatus[] newest, params WorkflowStatus[] older) => StatusCommand.FindRootsAsync(
        newest, (id, _) => Task.FromResult(older.FirstOrDefault(instance => instance.InstanceId == id)), TestContext.Current.CancellationToken);

    private static WorkflowStatus Instance(string name, string id, DateTimeOffset created) =>
        new(name, id, WorkflowRuntimeStatus.Running, null, null, null, created, created);
}
