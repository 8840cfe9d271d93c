using System.Text;
using Azure.Storage.Blobs.Models;
using KeypointPipeline.Finding;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Infer;

/// <summary>What finds the instances of a batch's pictures.</summary>
public sealed class BatchFinderTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Batch = "people";
    private const string OfFaces = "faces";
    private const string OfSpots = "spots";
    private static readonly byte[] Picture = TestImages.Encode(40, 30, TestImages.Spot(20, 15, 5), SKEncodedImageFormat.Png);

    private readonly TemporaryFolder _folder = TestFolder.Create("finders");
    private PipelineStorage _storage = null!;
    private BatchImages _images = null!;
    private ModelRegistry _models = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OfFaces, null, FinderKind.Faces)]
    [InlineData(OfSpots, null, FinderKind.Whole)]
    [InlineData(OfFaces, FinderKind.Whole, FinderKind.Whole)]
    [InlineData(OfSpots, FinderKind.Faces, FinderKind.Faces)]
    public async Task Without_a_statement_the_hosts_setting_counts_and_then_what_suits_the_model(string version, FinderKind? host, FinderKind expected) =>
        Assert.Equal(expected, (await PlanAsync(await DropAsync(zip: false, ("a.png", Picture)), version, host)).Finder);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_file_of_a_batch_counts_before_the_hosts_setting_and_is_not_passed_over(bool zip)
    {
        string etag = await DropAsync(zip, ("a.png", Picture), ("keypoints.json", Json("boxes")));

        BatchPlan plan = await PlanAsync(etag, OfFaces, FinderKind.Whole);

        Assert.Equal((FinderKind.Boxes, null, 1), (plan.Finder, plan.PassedOver, plan.Images));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_drop_states_counts_before_the_file(bool zip)
    {
        string etag = await DropAsync(zip, FinderKind.Whole, ("a.png", Picture), ("keypoints.json", Json("boxes")));
        Assert.Equal(FinderKind.Whole, (await PlanAsync(etag, OfFaces, host: null)).Finder);
    }

    [Fact]
    public async Task A_file_on_a_later_page_counts_for_all_pictures_unless_the_drop_states_another()
    {
        Assert.Equal(FinderKind.Boxes, await PagesAsync(await DropAsync(zip: false, stated: null, marked: false, ("a.png", Picture), ("keypoints.json", Json("boxes")), ("z.png", Picture))));
        Assert.Equal(
            FinderKind.Whole, await PagesAsync(await DropAsync(zip: false, FinderKind.Whole, marked: false, ("a.png", Picture), ("keypoints.json", Json("boxes")), ("z.png", Picture))));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_fails_the_batch_with_the_reason()
    {
        string etag = await DropAsync(zip: false, ("a.png", Picture), ("keypoints.json", Json("noses")));

        var failure = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(etag, OfFaces, host: null));

        Assert.Equal(
            "The settings of batch 'people' cannot be used. keypoints.json in people, member finder: whole, boxes or faces is expected; it is \"noses\". Correct keypoints.json and drop the batch again.",
            failure.Message);
    }

    [Fact]
    public async Task Metadata_that_state_no_finder_fail_the_batch_with_the_reason()
    {
        string etag = await DropAsync(zip: false, ("a.png", Picture));
        BlobInfo marked = await _storage.Blob(BlobLayout.Images, BatchDrop.Marker(Batch))
            .SetMetadataAsync(new Dictionary<string, string> { [BatchDrop.FinderMetadata] = "noses" }, cancellationToken: Cancel);

        var failure = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(marked.ETag.ToString(), OfFaces, host: null));

        Assert.NotEqual(etag, marked.ETag.ToString());
        Assert.Contains("is 'noses'; whole, boxes or faces is expected", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_of_an_earlier_version_has_no_finder_and_the_plan_of_this_one_keeps_it()
    {
        BatchPlan old = PipelineJson.Read<BatchPlan>(
            """{"batch":"people","eTag":"0x1","instanceId":"batch-1","modelVersion":"v0","images":1,"chunks":1,"chunkSize":32,"zip":false,"startedAt":"2026-11-24T12:00:00+00:00"}""");
        Assert.Null(old.Finder);
        Assert.Equal(FinderKind.Faces, PipelineJson.Read<BatchPlan>(PipelineJson.Write(old with { Finder = FinderKind.Faces })).Finder);
        Assert.Contains("\"finder\":\"faces\"", PipelineJson.Write(old with { Finder = FinderKind.Faces }), StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _images = new BatchImages(_storage);
        _models = new ModelRegistry(_storage, TimeProvider.System);
        await PublishAsync(OfFaces, "left_eye", "right_eye", "mouth");
        await PublishAsync(OfSpots, "spot");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync(string version, params string[] names)
    {
        var schema = new KeypointSchema(names, 16, 16);
        byte[] model = TinyOnnxModel.Centroid(schema);
        await File.WriteAllBytesAsync(_folder.File($"{version}.onnx"), model, Cancel);
        await _models.PublishAsync(ModelExamples.Manifest(version, model, schema: schema), _folder.File($"{version}.onnx"), Cancel);
    }

    private static byte[] Json(string finder) => Encoding.UTF8.GetBytes($"{{\"finder\": \"{finder}\"}}");

    private Task<BatchPlan> PlanAsync(string etag, string version, FinderKind? host) =>
        new PlanBatch(_storage, _images, _models, TimeProvider.System, finder: new HostFinder(host)).RunAsync(new PlanBatchInput(Batch, etag, "batch-1", version), Cancel);

    /// <summary>Plans a batch that is listed file by file.</summary>
    private async Task<FinderKind?> PagesAsync(string etag)
    {
        var images = new BatchImages(_storage, filesPerPage: 1);
        BatchPlan plan = await new PlanBatch(_storage, images, _models, TimeProvider.System).RunAsync(new PlanBatchInput(Batch, etag, "batch-1", OfFaces), Cancel);
        while (plan.Next is not null)
            plan = await new ListBatchPage(_storage, images, _models).RunAsync(plan, Cancel);
        Assert.Equal((2, null), (plan.Images, plan.PassedOver));
        return plan.Finder;
    }

    private Task<string> DropAsync(bool zip, params (string Name, byte[] Content)[] files) => DropAsync(zip, stated: null, marked: true, files);

    private Task<string> DropAsync(bool zip, FinderKind stated, params (string Name, byte[] Content)[] files) => DropAsync(zip, stated, marked: true, files);

    private async Task<string> DropAsync(bool zip, FinderKind? stated, bool marked, params (string Name, byte[] Content)[] files)
    {
        var options = new BlobUploadOptions { Metadata = BatchDrop.Metadata(stated) };
        if (zip)
            return (await _storage.Blob(BlobLayout.Images, BatchName.Zip(Batch)).UploadAsync(BinaryData.FromBytes(Packing.Zip(files)), options, Cancel)).Value.ETag.ToString();
        foreach ((string name, byte[] content) in files)
            await _storage.Blob(BlobLayout.Images, $"{Batch}/{name}").UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
        BinaryData list = marked ? ReadyList.Write([.. files.Select(file => file.Name)]) : BinaryData.Empty;
        return (await _storage.Blob(BlobLayout.Images, BatchDrop.Marker(Batch)).UploadAsync(list, options, Cancel)).Value.ETag.ToString();
    }
}
