using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Infer;

/// <summary>Batches that are replaced while a step works on them. What the step does for the older event must not use the newer images.</summary>
public sealed class ReplacedBatchTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ReplacedInput _input = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_event_of_a_batch_that_was_dropped_again_takes_nothing_from_the_newer_one()
    {
        string older = await _input.UploadAsync(BlobLayout.Images, "people/_READY", []);
        await _input.UploadAsync(BlobLayout.Images, "people/a.png", [1]);
        await _input.UploadAsync(BlobLayout.Images, "people/_READY", [2]);
        await _input.UploadAsync(BlobLayout.Results, "people/summary.json", "{}"u8.ToArray());

        PermanentStepException refusal = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(older));

        Assert.Contains("dropped again", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["people/summary.json"], await _input.NamesAsync(BlobLayout.Results));
    }

    [Fact]
    public async Task A_zip_that_is_replaced_before_it_is_fetched_is_left_to_the_newer_event()
    {
        string older = await _input.UploadAsync(BlobLayout.Images, "people.zip", Packing.Zip(("a.png", [1])));
        _input.ReplaceBefore("GET", 1, BlobLayout.Images, "people.zip", Packing.Zip(("a.png", [1]), ("b.png", [2])));

        PermanentStepException refusal = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(older));

        Assert.Contains("was replaced", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await _input.NamesAsync(BlobLayout.Results));
    }

    public async ValueTask InitializeAsync() => _input = await ReplacedInput.StartAsync(azurite);

    public ValueTask DisposeAsync() => _input.DisposeAsync();

    private async Task<BatchPlan> PlanAsync(string etag)
    {
        PipelineStorage storage = _input.OpenStorage();
        var models = new ModelRegistry(storage, TimeProvider.System);
        return await new PlanBatch(storage, new BatchImages(storage), models, TimeProvider.System).RunAsync(new PlanBatchInput("people", etag, "batch-1", "v0"), Cancel);
    }
}
