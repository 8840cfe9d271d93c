using System.Text;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Inference.Places;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Port;
using KeypointPipeline.Results;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Infer;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Infer;

/// <summary>Batches whose folder or zip has a <c>boxes.csv</c>.</summary>
public sealed class BoxedBatchTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Batch = "people";
    private const string Framed = "framed";
    private const string Given = "given";
    private const string Header = "image,box_x,box_y,box_width,box_height\n";
    private static readonly KeypointSchema Schema = new(["spot"], 16, 16);
    private static readonly byte[] Picture = TestImages.Encode(
        200, 120, (x, y) => x < 120 ? TestImages.Spot(40, 60, 5)(x, y) : TestImages.Spot(160, 30, 3)(x, y), SKEncodedImageFormat.Png);

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = TestFolder.Create("boxed");
    private readonly FakeTimeProvider _time = new(Now);
    private PipelineStorage _storage = null!;
    private BatchImages _images = null!;
    private ModelRegistry _models = null!;
    private ModelCache _cache = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_a_zip_and_the_command_predict_the_same_faces(bool zip)
    {
        (string Name, byte[] Content)[] files =
        [
            ("a.png", Picture),
            ("sub/b.png", Picture),
            ("sub/c.png", Picture),
            ("boxes.csv", Encoding.UTF8.GetBytes(Header + "sub/b.png,148,18,24,24\nsub\\b.png,20,40,40,40\na.png,20,40,40,40\na.png,5,6,0,7\n")),
        ];
        BatchPlan plan = await PlanAsync(await DropAsync(zip, files), Framed);

        Assert.Equal("boxes.csv", plan.Boxes!.File.Name);
        Assert.Null(plan.Boxes.Note);
        Assert.Null(plan.PassedOver);
        Assert.Equal(3, plan.Images);
        Assert.Equal(new ChunkTotals(3, 0), await InferAsync(plan));
        byte[] first = await ChunkAsync(plan);
        await InferAsync(plan);
        Assert.Equal(first, await ChunkAsync(plan));
        Assert.Equal(new ChunkTotals(3, 0), await MergeAsync(plan));
        string csv = await ReadAsync(ResultFiles.Csv);
        Assert.Equal(
            ["a.png,ok,1", "a.png,failed,2", "sub/b.png,ok,1", "sub/b.png,ok,2", "sub/c.png,whole,1"],
            csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')).Select(row => $"{row[0]},{row[3]},{row[6]}"));
        Assert.Contains("boxes.csv row 4, column box_width: the box has no width.", await ReadAsync(ResultFiles.Errors), StringComparison.Ordinal);

        Assert.Equal(csv, await PredictFolderAsync(files));
    }

    [Fact]
    public async Task A_model_of_whole_pictures_passes_the_file_over_as_before()
    {
        BatchPlan plan = await PlanAsync(await DropAsync(zip: false, ("a.png", Picture), ("boxes.csv", Encoding.UTF8.GetBytes(Header + "a.png,20,40,40,40\n"))), Given);

        Assert.Null(plan.Boxes);
        Assert.Equal(["boxes.csv"], plan.PassedOver!.Names);
        await InferAsync(plan);
        await MergeAsync(plan);
        Assert.Contains("a.png,200,120,ok,", await ReadAsync(ResultFiles.Csv), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image,x,y\na.png,1,2\n", "image, box_x, box_y, box_width and box_height are expected.")]
    [InlineData("", "boxes.csv is empty")]
    public async Task Boxes_that_cannot_be_used_fail_the_batch_before_anything_is_predicted(string text, string reason)
    {
        string etag = await DropAsync(zip: false, ("a.png", Picture), ("boxes.csv", Encoding.UTF8.GetBytes(text)));

        var failure = await Assert.ThrowsAsync<PermanentStepException>(() => PlanAsync(etag, Framed));

        Assert.StartsWith("The boxes of batch 'people' cannot be used. boxes.csv", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Correct boxes.csv and drop the batch again.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_unknown_pictures_are_noted()
    {
        BatchPlan plan = await PlanAsync(await DropAsync(zip: true, ("a.png", Picture), ("boxes.csv", Encoding.UTF8.GetBytes(Header + "b.png,20,40,40,40\n"))), Framed);
        Assert.Equal("boxes.csv: 1 rows name pictures that are not in the set, for example 'b.png'.", plan.Boxes!.Note);
    }

    [Fact]
    public async Task A_file_that_is_on_a_later_page_counts_for_all_chunks()
    {
        var images = new BatchImages(_storage, filesPerPage: 1);
        string etag = await DropAsync(zip: false, marked: false, ("a.png", Picture), ("boxes.csv", Encoding.UTF8.GetBytes(Header + "a.png,20,40,40,40\n")), ("c.png", Picture));
        BatchPlan plan = await new PlanBatch(_storage, images, _models, _time).RunAsync(new PlanBatchInput(Batch, etag, "batch-1", Framed), Cancel);
        while (plan.Next is not null)
            plan = await new ListBatchPage(_storage, images, _models).RunAsync(plan, Cancel);

        Assert.Equal((2, "boxes.csv", null), (plan.Images, plan.Boxes?.File.Name, plan.PassedOver));
        await InferAsync(plan);
        await MergeAsync(plan);
        Assert.Contains("a.png,200,120,ok,", await ReadAsync(ResultFiles.Csv), StringComparison.Ordinal);
        Assert.Contains("c.png,200,120,whole,", await ReadAsync(ResultFiles.Csv), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boxes_that_were_replaced_after_the_listing_fail_the_batch()
    {
        BatchPlan plan = await PlanAsync(await DropAsync(zip: false, ("a.png", Picture), ("boxes.csv", Encoding.UTF8.GetBytes(Header + "a.png,20,40,40,40\n"))), Framed);
        DateTimeOffset listed = (await _storage.FindPropertiesAsync(BlobLayout.Results, BatchWork.ChunkNames(plan, 0), Cancel))!.LastModified;
        do
            await UploadAsync("boxes.csv", Encoding.UTF8.GetBytes(Header + "a.png,1,2,3,4\n"));
        while ((await _storage.FindPropertiesAsync(BlobLayout.Images, $"{Batch}/boxes.csv", Cancel))!.LastModified <= listed);

        var failure = await Assert.ThrowsAsync<PermanentStepException>(() => InferAsync(plan));

        Assert.Contains("uploaded after the set was listed", failure.Message, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _images = new BatchImages(_storage);
        _models = new ModelRegistry(_storage, _time);
        _cache = new ModelCache(_models, new WorkFolder(_folder.File("work")));
        byte[] plain = TinyOnnxModel.Centroid(Schema);
        var byBox = new Framing(FramingKind.Box);
        await PublishAsync(Given, plain, framing: null);
        await PublishAsync(Framed, TinyOnnxModel.WithFraming(plain, Schema, byBox), byBox);
    }

    public ValueTask DisposeAsync()
    {
        _cache.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync(string version, byte[] model, Framing? framing)
    {
        await File.WriteAllBytesAsync(_folder.File($"{version}.onnx"), model, Cancel);
        await _models.PublishAsync(ModelExamples.Manifest(version, model, schema: Schema) with { Framing = framing }, _folder.File($"{version}.onnx"), Cancel);
    }

    private Task<string> DropAsync(bool zip, params (string Name, byte[] Content)[] files) => DropAsync(zip, marked: true, files);

    /// <summary>Uploads files as a zip, or one by one with a marker that lists them or stands for all.</summary>
    private async Task<string> DropAsync(bool zip, bool marked, params (string Name, byte[] Content)[] files)
    {
        if (zip)
            return (await _storage.Blob(BlobLayout.Images, BatchName.Zip(Batch)).UploadAsync(BinaryData.FromBytes(Packing.Zip(files)), Cancel)).Value.ETag.ToString();
        foreach ((string name, byte[] content) in files)
            await UploadAsync(name, content);
        BinaryData list = marked ? ReadyList.Write([.. files.Select(file => file.Name)]) : BinaryData.Empty;
        return (await _storage.Blob(BlobLayout.Images, BatchDrop.Marker(Batch)).UploadAsync(list, Cancel)).Value.ETag.ToString();
    }

    private async Task UploadAsync(string name, byte[] content) =>
        await _storage.Blob(BlobLayout.Images, $"{Batch}/{name}").UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);

    private Task<BatchPlan> PlanAsync(string etag, string version) =>
        new PlanBatch(_storage, _images, _models, _time).RunAsync(new PlanBatchInput(Batch, etag, "batch-1", version), Cancel);

    private Task<ChunkTotals> InferAsync(BatchPlan plan) =>
        new InferChunk(_storage, _images, _cache, new ImageDecoder(), new Finders()).RunAsync(new InferChunkInput(plan, 0), Cancel);

    private Task<ChunkTotals> MergeAsync(BatchPlan plan) => new MergeBatch(_storage, _models, _time).RunAsync(plan, Cancel);

    private async Task<byte[]> ChunkAsync(BatchPlan plan) =>
        (await _storage.FindContentAsync(BlobLayout.Results, BatchWork.ChunkResults(plan, 0), Cancel))!.Content.ToArray();

    private async Task<string> ReadAsync(string name) => (await _storage.FindContentAsync(BlobLayout.Results, $"{Batch}/{name}", Cancel))!.Content.ToString();

    /// <summary>Predicts the files as the command does.</summary>
    /// <returns>Its table.</returns>
    private async Task<string> PredictFolderAsync((string Name, byte[] Content)[] files)
    {
        foreach ((string name, byte[] content) in files)
        {
            string path = _folder.File($"{Batch}/{name}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content, Cancel);
        }

        using KeypointModel model = KeypointModel.Open(_folder.File($"{Framed}.onnx"));
        using ImageSet set = await ImageSet.OpenAsync(_folder.File(Batch), Cancel);
        PlacedImages placed = await PlacedImages.OfAsync(set, model, file: null, Cancel);
        Assert.Null(placed.PassedOver);
        await new FolderPrediction(model, new ImageDecoder(), new Finders(), new FolderResultStore(_folder.File("results")), _time, BatchShape.Default.ImagesPerSection)
            .PredictAsync(new BatchRun(Batch, Framed, Schema, Now, LabelGaps.None), placed.Images, progress: null, Cancel);
        return await File.ReadAllTextAsync(_folder.File($"results/{ResultFiles.Csv}"), Cancel);
    }
}
