using System.IO.Compression;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Tests.Http;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Local.Tests.Hosting;

/// <summary>A data folder that commit 685cd15 wrote keeps working (<c>tests/local/Fixtures/README.md</c>).</summary>
public sealed class EarlierHomeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_instances_are_listed_and_go_on_and_new_images_are_predicted()
    {
        using TemporaryFolder home = TestFolder.Create("earlier-home");
        await ZipFile.ExtractToDirectoryAsync(
            Path.Combine(RepositoryRoot.Path, "tests", "local", "Fixtures", "home-685cd15.zip"), home.Path, Cancel);
        await using LocalHost host = await LocalHost.StartAsync(HttpHost.Options(home.Path) with { Catalog = PipelineCatalog.Create() }, Cancel);

        IReadOnlyList<WorkflowStatus> instances = await host.Workflows.ListAsync(new WorkflowQuery(), Cancel);
        WorkflowStatus ingest = Assert.Single(instances, instance => instance.Name == nameof(IngestDataset));
        WorkflowStatus batch = Assert.Single(instances, instance => instance.Name == nameof(InferBatch));
        Assert.Equal(WorkflowRuntimeStatus.Completed, ingest.RuntimeStatus);
        Assert.Contains("there is no image column", ingest.Output.ToString(), StringComparison.Ordinal);
        Assert.True(
            batch.RuntimeStatus == WorkflowRuntimeStatus.Running || batch.Output.ToString()!.Contains("waited 7 days", StringComparison.Ordinal),
            $"The batch of the folder ended as {batch.RuntimeStatus}: {batch.Output}");

        await ModelExamples.PublishChampionAsync(host.Storage, "v1", new KeypointSchema(["nose"], 8, 8), Cancel);
        string photo = home.File("photo.png");
        await using (Stream old = await host.Storage.Blob(BlobLayout.Images, "face/face.png").OpenReadAsync(cancellationToken: Cancel))
        await using (FileStream copy = File.Create(photo))
            await old.CopyToAsync(copy, Cancel);
        DroppedItem dropped = await new Dropper(host.Storage).DropAsync(photo, name: null, progress: null, Cancel);

        WorkflowStatus predicted = await Eventually.EndedAsync(host.Workflows, dropped.InstanceId);
        Assert.Equal(WorkflowRuntimeStatus.Completed, predicted.RuntimeStatus);
        Assert.Equal(1, PipelineJson.Read<InferBatchOutput>(predicted.Output.ToString()!).Succeeded);
    }
}
