using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class RemoveBatchTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly StartRecorder _workflows = new();
    private DroppedDatasets _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pictures_and_results_of_the_batch_are_deleted_and_no_others()
    {
        foreach (string name in (string[])["people/a.png", "people/sub/b.png", "people/_READY", "people.zip", "people2/a.png"])
            await UploadAsync(BlobLayout.Images, name);
        foreach (string name in (string[])["people/keypoints.csv", "people/summary.json", "people2/summary.json"])
            await UploadAsync(BlobLayout.Results, name);

        BatchRemoval removal = await RemoveAsync("people");

        Assert.Equal((4, 2), (removal.Images, removal.Results));
        Assert.Equal(["people2/a.png"], await _host.NamesAsync(BlobLayout.Images));
        Assert.Equal(["people2/summary.json"], await _host.NamesAsync(BlobLayout.Results));
        Assert.NotEmpty(removal.Remains);
    }

    [Fact]
    public async Task An_instance_that_predicts_the_batch_is_stopped()
    {
        await UploadAsync(BlobLayout.Images, "people.zip");
        _workflows.Run(InferBatch.Ref.Name, "batch-1", new InferBatchInput("people", "old"));
        _workflows.Run(InferBatch.Ref.Name, "batch-2", new InferBatchInput("others", "e"));

        BatchRemoval removal = await RemoveAsync("people");

        Assert.Equal(["batch-1"], removal.StoppedInstances);
        Assert.Equal(["batch-1: batch people was removed"], _workflows.Terminated);
        Assert.Contains("again", removal.Remains[0].Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", 404)]
    [InlineData("a/b", 400)]
    public async Task A_batch_that_does_not_exist_is_a_problem(string batch, int status)
    {
        ApiProblemException problem = await Assert.ThrowsAsync<ApiProblemException>(() => RemoveAsync(batch));

        Assert.Equal(status, problem.Problem.Status);
    }

    public async ValueTask InitializeAsync() => _host = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<BatchRemoval> RemoveAsync(string batch) =>
        (BatchRemoval)(await _host.Get<RemoveBatch>().CallAsync(batch, "", _workflows, Cancel)).Body;

    private async Task UploadAsync(string container, string name) =>
        await _host.Storage.Blob(container, name).UploadAsync(BinaryData.FromString("x"), Cancel);
}
