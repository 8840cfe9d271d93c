using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Which batches have results, and which files.</summary>
public sealed class BatchEndpointTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_are_listed_by_name_with_their_counts_also_one_that_is_being_predicted()
    {
        PipelineStorage storage = await NewStorageAsync();
        await ResultExamples.WriteAsync(storage, "may", failed: 1, Cancel);
        await ResultExamples.WriteAsync(storage, "april ü", failed: 0, Cancel);
        await ResultExamples.WriteAsync(storage, "new/_work/batch-new-1/names-00000.json", "[]", Cancel);
        await ResultExamples.WriteAsync(storage, "damaged/summary.json", "{", Cancel);
        await ResultExamples.WriteAsync(storage, "no batch.csv", "a file at the root", Cancel);

        BatchList list = await ListAsync(storage);

        DateTimeOffset finished = DateTimeOffset.UnixEpoch.AddSeconds(9);
        Assert.Equal(
            [
                new BatchInfo("april ü", finished, "v1", 3, 3, 0),
                new BatchInfo("damaged"),
                new BatchInfo("may", finished, "v1", 3, 2, 1),
                new BatchInfo("new"),
            ],
            list.Batches);
    }

    [Fact]
    public async Task Pages_give_every_batch_once()
    {
        PipelineStorage storage = await NewStorageAsync();
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"顔 {i}")];
        foreach (string name in names)
            await ResultExamples.WriteAsync(storage, $"{name}/keypoints.csv", "", Cancel);

        var found = new List<string>();
        string? token = null;
        int pages = 0;
        do
        {
            ApiAnswer answer = await CallAsync(storage, token, top: "3");
            var page = (BatchList)answer.Body;
            Assert.InRange(page.Batches.Count, 0, 3);
            found.AddRange(page.Batches.Select(batch => batch.Batch));
            token = answer.Headers.GetValueOrDefault("x-ms-continuation-token");
            Assert.True(token is null || token.All(char.IsAscii));
        }
        while (token is not null && ++pages < 20);

        Assert.Equal(names, found);
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("1001", null)]
    [InlineData("many", null)]
    [InlineData(null, "no token!")]
    public async Task A_wrong_number_or_token_is_400(string? top, string? token)
    {
        PipelineStorage storage = await NewStorageAsync();

        var e = await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(storage, token, top));

        Assert.Equal(400, e.Problem.Status);
    }

    [Fact]
    public async Task A_batch_shows_its_files_but_not_the_work_files_of_its_prediction()
    {
        PipelineStorage storage = await NewStorageAsync();
        await ResultExamples.WriteAsync(storage, "may", failed: 1, Cancel);
        await ResultExamples.WriteAsync(storage, "may/_work/batch-may-1/names-00000.json", "[]", Cancel);
        await ResultExamples.WriteAsync(storage, "maypole", failed: 0, Cancel);

        var detail = (BatchDetail)(await new ShowBatch(storage).CallAsync(["may"], Cancel)).Body;

        Assert.Equal((3, 2, 1), (detail.Batch.Images, detail.Batch.Succeeded, detail.Batch.Failed));
        Assert.Equal(["keypoints.csv", "overlays/000001-a b.jpg", "report.html", "summary.json"], detail.Files.Select(file => file.Name));
        Assert.All(detail.Files, file => Assert.True(file.Bytes > 0 && file.ETag.StartsWith('"')));
        Assert.Null(detail.Warning);
    }

    [Fact]
    public async Task A_file_that_is_newer_than_the_summary_gives_a_warning()
    {
        PipelineStorage storage = await NewStorageAsync();
        await ResultExamples.WriteAsync(storage, "may", failed: 0, Cancel);
        DateTimeOffset written = (await storage.FindPropertiesAsync(BlobLayout.Results, "may/summary.json", Cancel))!.LastModified;
        await Eventually.TrueAsync(async () =>
        {
            await ResultExamples.WriteAsync(storage, "may/overlays/000002-b.jpg", "of the next prediction", Cancel);
            return (await storage.FindPropertiesAsync(BlobLayout.Results, "may/overlays/000002-b.jpg", Cancel))!.LastModified > written;
        });

        var detail = (BatchDetail)(await new ShowBatch(storage).CallAsync(["may"], Cancel)).Body;

        Assert.Contains("predicted again", detail.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", 404)]
    [InlineData("a/b", 400)]
    [InlineData("..", 400)]
    [InlineData(@"a\b", 400)]
    public async Task A_batch_without_results_or_with_a_wrong_name_is_a_problem(string batch, int status)
    {
        PipelineStorage storage = await NewStorageAsync();

        var e = await Assert.ThrowsAsync<ApiProblemException>(() => new ShowBatch(storage).CallAsync([batch], Cancel));

        Assert.Equal(status, e.Problem.Status);
        Assert.Contains("GET /api/batches", e.Message, StringComparison.Ordinal);
    }

    private async Task<PipelineStorage> NewStorageAsync() => (await azurite.NewStorageAsync(Cancel)).Storage;

    private static async Task<BatchList> ListAsync(PipelineStorage storage) => (BatchList)(await CallAsync(storage, null, null)).Body;

    private static Task<ApiAnswer> CallAsync(PipelineStorage storage, string? token, string? top)
    {
        var query = new Dictionary<string, string>();
        if (top is not null)
            query["top"] = top;
        return new ListBatches(storage).AnswerAsync(
            new ApiCall(new StartRecorder(), null!, new Dictionary<string, string>(), query, Stream.Null) { Continuation = token }, Cancel);
    }
}
