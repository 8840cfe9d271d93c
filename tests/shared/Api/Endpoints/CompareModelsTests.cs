using KeypointPipeline.Api;
using KeypointPipeline.Api.Comparing;
using KeypointPipeline.Api.Endpoints.Comparing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Two models on the same rows.</summary>
public sealed class CompareModelsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly KeypointSchema Schema = new(["nose"], 8, 8);
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_models_are_compared_keypoint_by_keypoint_on_test_rows_that_neither_learned_from()
    {
        // Row i has its nose at (i mod 8, (i + 3) mod 8).
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));
        await PublishAsync("v1", id, test: [0, 1, 2], 0, 3);
        await PublishAsync("v2", id, test: [0, 2, 4], 2, 3);

        var both = (ModelsSideBySide)(await CallAsync("v1", "v2")).Body;

        Assert.Equal(("v1", "v2", 2, 2), (both.First, both.Second, both.Rows, both.TestRows));
        KeypointErrors nose = Assert.Single(both.Keypoints);
        Assert.Equal(("nose", 2), (nose.Keypoint, nose.Labels));
        // Rows 0 and 2: the noses are (0, 3) and (2, 5).
        Assert.Equal(Math.Sqrt((0 + 8) / 4.0), nose.First!.Value, 1e-5);
        Assert.Equal(Math.Sqrt((4 + 4) / 4.0), nose.Second!.Value, 1e-5);
        ComparedRow first = both.Pictures.Single(row => row.Row == 0);
        Assert.Equal([0f, 3f], first.First.Single()!);
        Assert.Equal([2f, 3f], first.Second.Single()!);
        Assert.Equal((id, 0.0, 2.0), (first.DatasetId, first.FirstError, first.SecondError));
    }

    [Fact]
    public async Task A_picture_that_the_other_learned_from_in_another_dataset_is_left_out()
    {
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));
        await PublishAsync("v1", id, test: [0, 1, 2], 0, 3);
        await PublishAsync("v2", "ds-corrected", test: [0, 2], 2, 3);

        var both = (ModelsSideBySide)(await CallAsync("v1", "v2")).Body;

        Assert.Equal([0, 2], both.Pictures.Select(row => row.Row).Order());
        Assert.Null(both.Note);
    }

    [Fact]
    public async Task It_says_that_nobody_knows_what_the_other_learned_from()
    {
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));
        await PublishAsync("v1", id, test: [0, 1], 0, 3);
        await ModelExamples.PublishChampionAsync(_dropped.Storage, "v2", Schema, Cancel);

        var both = (ModelsSideBySide)(await CallAsync("v1", "v2")).Body;

        Assert.Equal(2, both.Rows);
        Assert.Contains("v2", both.Note, StringComparison.Ordinal);
        Assert.Contains("may have learned from these rows", both.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_drawn_and_not_measured_again_until_a_dataset_is_erased()
    {
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));
        await PublishAsync("v1", id, test: [0, 1, 2], 0, 3);
        await PublishAsync("v2", id, test: [0, 2, 4], 2, 3);

        ApiAnswer answer = await DrawAsync("v1", "v2", "theme=dark");

        Assert.Equal((200, "image/svg+xml"), (answer.Status, answer.ContentType));
        string svg = await new StreamReader(((ApiFile)answer.Body).Content).ReadToEndAsync(Cancel);
        Assert.Contains("nose (2)", svg, StringComparison.Ordinal);
        Assert.Contains("1.41", svg, StringComparison.Ordinal);
        await _dropped.Storage.Blob(BlobLayout.Models, "v1/model.onnx").DeleteAsync(cancellationToken: Cancel);
        Assert.Equal(((ApiFile)answer.Body).ETag, ((ApiFile)(await DrawAsync("v1", "v2", "theme=dark")).Body).ETag);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiProblemException>(() => DrawAsync("v1", "v2", "theme=red"))).Problem.Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiProblemException>(() => DrawAsync("v1", "v9", ""))).Problem.Status);

        await _dropped.Storage.Blob(BlobLayout.Prepared, $"{id}/dataset.json").DeleteAsync(cancellationToken: Cancel);
        Assert.Equal(409, (await Assert.ThrowsAsync<ApiProblemException>(() => DrawAsync("v1", "v2", ""))).Problem.Status);
    }

    [Fact]
    public async Task What_cannot_be_compared_says_why()
    {
        string id = await _dropped.AcceptAsync("a.csv", SmallTable.With(20));
        await PublishAsync("v1", id, test: [0], 0, 3);
        await PublishAsync("v2", id, test: [1], 2, 3);
        await ModelExamples.PublishChampionAsync(_dropped.Storage, "v3", new KeypointSchema(["nose"], 16, 16), Cancel);
        await ModelExamples.PublishChampionAsync(_dropped.Storage, "v4", Schema, Cancel);

        Assert.Equal(404, await StatusAsync("v1", "v9"));
        Assert.Equal(409, await StatusAsync("v1", "v2"));
        Assert.Equal(409, await StatusAsync("v1", "v3"));
        Assert.Equal(409, await StatusAsync("v4", "v1"));
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    /// <summary>Publishes a model that predicts one point, and that learned from all rows but those of its test.</summary>
    private async Task PublishAsync(string version, string datasetId, int[] test, float x, float y)
    {
        using TemporaryFolder folder = TestFolder.Create("model");
        byte[] model = TinyOnnxModel.Constant(Schema, x, y);
        await File.WriteAllBytesAsync(folder.File("model.onnx"), model, Cancel);
        await _dropped.Get<ModelRegistry>().PublishAsync(ModelExamples.Manifest(version, model, schema: Schema), folder.File("model.onnx"), Cancel);
        RowSide[] sides = [.. Enumerable.Range(0, 20).Select(row => test.Contains(row) ? RowSide.Test : RowSide.Training)];
        ulong[] keys = [.. Enumerable.Range(1, 20).Select(row => (ulong)row)];
        var plan = new RowPlan([new PlannedDataset(datasetId, sides, [.. Enumerable.Range(0, 20)], keys, keys)]);
        await _dropped.Get<RowPlanStore>().WriteOfModelAsync(version, plan, Cancel);
    }

    private Task<ApiAnswer> DrawAsync(string version, string other, string query) =>
        _dropped.Get<ReadKeypointErrors>().CallAsync([version, other], query, [], new StartRecorder(), Cancel);

    private Task<ApiAnswer> CallAsync(string version, string other) =>
        _dropped.Get<CompareModels>().CallAsync([version, other], "", [], new StartRecorder(), Cancel);

    private async Task<int> StatusAsync(string version, string other) =>
        (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(version, other))).Problem.Status;
}
