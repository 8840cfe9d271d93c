using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using KeypointPipeline.Workflows.Drops;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Stopping a batch, predicting it again, and how far it is.</summary>
public sealed class BatchActionTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly StartRecorder _workflows = new();
    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_batch_keeps_its_pictures_and_others_go_on()
    {
        string etag = await PutAsync("may/_READY", "");
        await PutAsync("may/a.jpg", "x");
        _workflows.Run("InferBatch", "batch-may", new InferBatchInput("may", etag));
        _workflows.Run("InferBatch", "batch-june", new InferBatchInput("june", etag));

        var cancelled = (BatchCancellation)(await CallAsync(new CancelBatch(), "may")).Body;

        Assert.Equal(["batch-may"], cancelled.StoppedInstances);
        Assert.Equal(["batch-may: batch may was cancelled"], _workflows.Terminated);
        Assert.True(await _storage.Blob(BlobLayout.Images, "may/a.jpg").ExistsAsync(Cancel));
        Assert.Equal(409, (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(new CancelBatch(), "may"))).Problem.Status);
    }

    [Theory]
    [InlineData("may/_READY", "a.jpg\n")]
    [InlineData("may.zip", "a zip")]
    public async Task A_batch_that_is_predicted_again_has_another_instance_and_the_same_content(string name, string content)
    {
        string before = await PutAsync(name, content);

        string id = (await CallAsync(Repeat(), "may")).InstanceId();

        string after = $"{await _storage.FindETagAsync(BlobLayout.Images, name, Cancel)}";
        Assert.NotEqual(before, after);
        Assert.Equal(InstanceIds.Batch("may", after), id);
        Assert.Equal(id, Assert.Single(_workflows.Started).InstanceId);
        Assert.Equal(content, (await _storage.FindContentAsync(BlobLayout.Images, name, Cancel))!.Content.ToString());
        Assert.NotEqual(id, (await CallAsync(Repeat(), "may")).InstanceId());
    }

    [Fact]
    public async Task A_batch_that_was_not_dropped_cannot_be_predicted_again() =>
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(Repeat(), "may"))).Problem.Status);

    [Fact]
    public async Task A_batch_shows_its_prediction_before_it_has_results()
    {
        string etag = await PutAsync("may/_READY", "");
        string id = InstanceIds.Batch("may", etag);
        _workflows.Run("InferBatch", id, new InferBatchInput("may", etag));

        var detail = (BatchDetail)(await CallAsync(new ShowBatch(_storage), "may")).Body;

        Assert.Equal((id, WorkflowRuntimeStatus.Running), (detail.Prediction!.InstanceId, detail.Prediction.State));
        Assert.Empty(detail.Files);
    }

    public async ValueTask InitializeAsync() => _storage = (await azurite.NewStorageAsync(Cancel)).Storage;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private RepeatBatch Repeat() => new(_storage, new HandledDrops(_storage, TimeProvider.System), TimeProvider.System);

    private async Task<string> PutAsync(string name, string content) =>
        (await _storage.Blob(BlobLayout.Images, name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel)).Value.ETag.ToString();

    private Task<ApiAnswer> CallAsync(IApiEndpoint endpoint, string batch) => endpoint.CallAsync([batch], "", [], _workflows, Cancel);
}
