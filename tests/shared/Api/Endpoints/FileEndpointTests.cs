using System.Text;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>Files that endpoints answer with.</summary>
public sealed class FileEndpointTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("report.html", "text/html; charset=utf-8", null)]
    [InlineData("overlays/a b.jpg", "image/jpeg", null)]
    [InlineData("summary.json", "application/json; charset=utf-8", null)]
    [InlineData("coco.json", "application/json; charset=utf-8", null)]
    [InlineData("keypoints.csv", "text/csv; charset=utf-8", "keypoints.csv")]
    [InlineData("keypoints.jsonl", "application/x-ndjson", "keypoints.jsonl")]
    [InlineData("other.html", "application/octet-stream", "other.html")]
    [InlineData("overlays/report.html", "application/octet-stream", "report.html")]
    [InlineData("picture.svg", "application/octet-stream", "picture.svg")]
    public async Task Only_the_report_is_shown_as_a_page(string name, string type, string? download)
    {
        PipelineStorage storage = await NewStorageAsync();
        await ResultExamples.WriteAsync(storage, $"may/{name}", "content", Cancel);

        ApiAnswer answer = await new ReadResult(storage).CallAsync(["may", name], Cancel);

        var file = (ApiFile)answer.Body;
        Assert.Equal((type, type, download), (answer.ContentType, file.ContentType, file.DownloadName));
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Contains("sandbox", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("content", await TextAsync(file));
    }

    [Fact]
    public async Task An_empty_file_is_served()
    {
        PipelineStorage storage = await NewStorageAsync();
        await ResultExamples.WriteAsync(storage, "may/empty.csv", "", Cancel);

        Assert.Equal("", await TextAsync((ApiFile)(await new ReadResult(storage).CallAsync(["may", "empty.csv"], Cancel)).Body));
    }

    /// <summary>Every other blob of the account has the secret as its content.</summary>
    [Fact]
    public async Task No_name_leaves_its_batch()
    {
        const string Secret = "of somebody else";
        PipelineStorage storage = await NewStorageAsync();
        await ResultExamples.WriteAsync(storage, "a/keypoints.csv", "own", Cancel);
        foreach (string other in (string[])["a/_work/batch-a-1/results-00000.jsonl", "b/keypoints.csv", "keypoints.csv", "_work/x", "ab/keypoints.csv"])
            await ResultExamples.WriteAsync(storage, other, Secret, Cancel);
        await storage.Blob(BlobLayout.Models, BlobLayout.Champion).UploadAsync(BinaryData.FromString(Secret), Cancel);
        var endpoint = new ReadResult(storage);
        string[] aims =
        [
            "../b/keypoints.csv", "../../models/champion.json", "/keypoints.csv", "..%2Fb%2Fkeypoints.csv", @"..\b\keypoints.csv", "./keypoints.csv", "x/../keypoints.csv",
            "_work/batch-a-1/results-00000.jsonl", "./_work/batch-a-1/results-00000.jsonl", "x/../_work/batch-a-1/results-00000.jsonl", "_work", "",
        ];
        string[] names = [.. aims, .. StrangeNames.Some(300), .. StrangeNames.Some(40).SelectMany(strange => aims.Select(aim => strange + aim))];

        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            var e = await Assert.ThrowsAsync<ApiProblemException>(() => endpoint.CallAsync(["a", name], Cancel));
            Assert.Contains(e.Problem.Status, new[] { 400, 404 });
            Assert.Contains("GET /api/batches/a lists the files.", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Encoded_slashes_are_named_as_the_cause()
    {
        PipelineStorage storage = await NewStorageAsync();

        var e = await Assert.ThrowsAsync<ApiProblemException>(() => new ReadResult(storage).CallAsync(["a", "overlays%2fx.jpg"], Cancel));

        Assert.Equal(404, e.Problem.Status);
        Assert.Contains("Write the slashes of a name as '/'.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_replaced_while_it_is_read_fails_instead_of_mixing_both()
    {
        PipelineStorage storage = await NewStorageAsync();
        await ResultExamples.WriteAsync(storage, "may/keypoints.csv", new string('a', 3 << 20), Cancel);
        await using Stream content = ((ApiFile)(await new ReadResult(storage).CallAsync(["may", "keypoints.csv"], Cancel)).Body).Content;
        byte[] buffer = new byte[1 << 16];
        await content.ReadExactlyAsync(buffer, Cancel);
        await ResultExamples.WriteAsync(storage, "may/keypoints.csv", new string('b', 3 << 20), Cancel);

        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => content.CopyToAsync(Stream.Null, Cancel));
    }

    [Fact]
    public async Task A_published_model_is_served_and_no_other()
    {
        PipelineStorage storage = await NewStorageAsync();
        await ModelExamples.PublishChampionAsync(storage, "v1", new(["nose"], 8, 8), Cancel);
        var endpoint = new ReadModel(storage, new ModelRegistry(storage, TimeProvider.System));

        var file = (ApiFile)(await endpoint.CallAsync(["v1"], Cancel)).Body;
        Assert.Equal(("application/octet-stream", "model.onnx"), (file.ContentType, file.DownloadName));
        await using (file.Content)
            Assert.True(file.Content.Length > 0);

        foreach (string version in (string[])["v2", "..", "v1/../v1", "", "champion.json"])
        {
            var e = await Assert.ThrowsAsync<ApiProblemException>(() => endpoint.CallAsync([version], Cancel));
            Assert.Equal(404, e.Problem.Status);
            Assert.Contains("GET /api/models", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_report_is_served_by_the_id_of_its_dataset()
    {
        PipelineStorage storage = await NewStorageAsync();
        await storage.Blob(BlobLayout.Reports, "d1.json").UploadAsync(BinaryData.FromString("{}"), Cancel);
        var endpoint = new ReadReport(storage);

        Assert.Equal("{}", await TextAsync((ApiFile)(await endpoint.CallAsync(["d1"], Cancel)).Body));

        foreach ((string id, int status) in ((string, int)[])[("d2", 404), ("../models/champion", 400), (@"a\b", 400), ("d1.json", 404)])
        {
            var e = await Assert.ThrowsAsync<ApiProblemException>(() => endpoint.CallAsync([id], Cancel));
            Assert.Equal(status, e.Problem.Status);
            Assert.Contains("GET /api/datasets", e.Message, StringComparison.Ordinal);
        }
    }

    private async Task<PipelineStorage> NewStorageAsync() => (await azurite.NewStorageAsync(Cancel)).Storage;

    private static async Task<string> TextAsync(ApiFile file)
    {
        await using Stream content = file.Content;
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancel);
    }
}
