using System.Globalization;
using System.Net;
using System.Text.Json;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport.OpenApi;
using KeypointPipeline.Training;
using Xunit;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>Downloads from a whole host over HTTP.</summary>
public sealed class FileEndpointTests(HttpHost host)
{
    private const string Content = "0123456789";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_in_a_folder_is_sent_with_its_type_and_version()
    {
        using HttpClient http = await ClientAsync("of files", "overlays/a b ü%.jpg");

        using HttpResponseMessage response = await http.GetAsync("/api/batches/of%20files/files/overlays/a%20b%20%C3%BC%25.jpg", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Content, await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(("image/jpeg", 10L), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentLength));
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.False(response.Headers.ETag!.IsWeak);
        Assert.Equal("bytes", Assert.Single(response.Headers.AcceptRanges));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Null(response.Content.Headers.ContentDisposition);
    }

    [Fact]
    public async Task A_learning_curve_is_drawn_and_is_304_while_it_is_the_same()
    {
        LocalHost local = await host.HostAsync(Cancel);
        string lines = string.Concat(Enumerable.Range(1, 3).Select(epoch => PipelineJson.Write(new EpochMetrics(epoch, 0.1, 1.0 / epoch, 5.0 / epoch, 1, 9)) + "\n"));
        await local.Storage.Blob(BlobLayout.Runs, "drawn-1/metrics.jsonl").UploadAsync(BinaryData.FromString(lines), Cancel);
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage drawn = await http.GetAsync("/api/trainings/drawn-1/curve.svg?theme=dark", Cancel);

        Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (drawn.StatusCode, drawn.Content.Headers.ContentType?.MediaType));
        Assert.Contains("lowest after epoch 3", await drawn.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("sandbox", Assert.Single(drawn.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        using HttpRequestMessage again = Request(HttpMethod.Get, "/api/trainings/drawn-1/curve.svg?theme=dark", ("If-None-Match", $"{drawn.Headers.ETag}"));
        using HttpResponseMessage same = await http.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task A_table_is_downloaded_under_its_name()
    {
        using HttpClient http = await ClientAsync("of tables", "keypoints.csv");

        using HttpResponseMessage response = await http.GetAsync("/api/batches/of%20tables/files/keypoints.csv", Cancel);

        Assert.Equal("attachment; filename=keypoints.csv", $"{response.Content.Headers.ContentDisposition}".Split("; filename*")[0]);
    }

    [Theory]
    [InlineData("bytes=2-4", 206, "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=9-100", 206, "9", "bytes 9-9/10")]
    [InlineData("bytes=0-0,2-3", 200, Content, null)]
    [InlineData("bytes=4-2", 200, Content, null)]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    public async Task A_range_is_sent_alone(string range, int status, string expected, string? place)
    {
        using HttpClient http = await ClientAsync("of ranges", "keypoints.csv");
        using HttpRequestMessage request = Request(HttpMethod.Get, "/api/batches/of%20ranges/files/keypoints.csv", ("Range", range));

        using HttpResponseMessage response = await http.SendAsync(request, Cancel);

        Assert.Equal((status, expected), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel)));
        Assert.Equal(place, response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_range_of_another_version_is_not_sent()
    {
        using HttpClient http = await ClientAsync("of versions", "keypoints.csv");
        const string Address = "/api/batches/of%20versions/files/keypoints.csv";
        string etag = $"{(await http.GetAsync(Address, Cancel)).Headers.ETag}";

        Assert.Equal(206, await StatusAsync(http, Address, ("Range", "bytes=0-1"), ("If-Range", etag)));
        Assert.Equal(200, await StatusAsync(http, Address, ("Range", "bytes=0-1"), ("If-Range", "\"other\"")));
    }

    [Fact]
    public async Task A_copy_that_is_still_right_is_not_sent_again()
    {
        using HttpClient http = await ClientAsync("of copies", "keypoints.csv");
        const string Address = "/api/batches/of%20copies/files/keypoints.csv";
        using HttpResponseMessage first = await http.GetAsync(Address, Cancel);
        string modified = first.Content.Headers.LastModified!.Value.ToString("R", CultureInfo.InvariantCulture);

        Assert.Equal(304, await StatusAsync(http, Address, ("If-None-Match", $"{first.Headers.ETag}")));
        Assert.Equal(304, await StatusAsync(http, Address, ("If-Modified-Since", modified)));
        Assert.Equal(200, await StatusAsync(http, Address, ("If-None-Match", "\"other\"")));
        Assert.Equal(200, await StatusAsync(http, Address, ("If-Match", $"{first.Headers.ETag}")));
        Assert.Equal(412, await StatusAsync(http, Address, ("If-Match", "\"other\"")));
    }

    [Fact]
    public async Task HEAD_gives_the_headers_alone()
    {
        using HttpClient http = await ClientAsync("of heads", "keypoints.csv");

        using HttpResponseMessage response = await http.SendAsync(Request(HttpMethod.Head, "/api/batches/of%20heads/files/keypoints.csv"), Cancel);
        using HttpResponseMessage missing = await http.SendAsync(Request(HttpMethod.Head, "/api/batches/of%20heads/files/other.csv"), Cancel);

        Assert.Equal((200, 10L), ((int)response.StatusCode, response.Content.Headers.ContentLength));
        Assert.NotNull(response.Headers.ETag);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    /// <summary>The addresses are sent as they are written: no client tidies them.</summary>
    [Fact]
    public async Task No_address_leaves_its_batch()
    {
        const string Secret = "of somebody else";
        using HttpClient http = await ClientAsync("inside", "keypoints.csv");
        PipelineStorage storage = (await host.HostAsync(Cancel)).Storage;
        foreach ((string container, string name) in ((string, string)[])[("results", "outside/keypoints.csv"), ("results", "inside/_work/i/x.json"), ("models", "secret.json"), ("reports", "secret.json")])
            await storage.Blob(container, name).UploadAsync(BinaryData.FromString(Secret), overwrite: true, Cancel);
        string[] steps = ["..", "%2e%2e", ".%2e", "..%2f..", "..%5c..", "%2e%2e%2f", "%252e%252e", ".", "", "overlays/..", "%2f", "%5c", "..;"];
        string[] aims = ["outside/keypoints.csv", "_work/i/x.json", "_work%2fi%2fx.json", "_work%5ci%5cx.json", "models/secret.json", "%2e%2e/models/secret.json", "secret.json"];
        string[] addresses =
        [
            .. steps.SelectMany(step => aims.SelectMany(aim => (string[])
                [$"/api/batches/inside/files/{step}/{aim}", $"/api/batches/{step}/files/{aim}", $"/api/batches/inside%2f{step}/files/{aim}", $"/api/models/{step}/{aim}", $"/api/reports/{step}%2f{aim}"])),
        ];

        foreach (string address in addresses)
        {
            var uri = new Uri(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using HttpResponseMessage response = await http.GetAsync(uri, Cancel);
            string body = await response.Content.ReadAsStringAsync(Cancel);
            Assert.False(body.Contains(Secret, StringComparison.Ordinal) && !address.Contains("files/./outside", StringComparison.Ordinal), $"{address} gives {body}");
            Assert.Contains((int)response.StatusCode, new[] { 400, 404 });
        }
    }

    [Theory]
    [InlineData("/api/batches/nobody", 404, "GET /api/batches")]
    [InlineData("/api/batches/nobody/files/keypoints.csv", 404, "GET /api/batches/nobody")]
    [InlineData("/api/batches/nobody/files/", 400, "GET /api/batches/nobody")]
    [InlineData("/api/batches?top=x", 400, "1 to 1000")]
    [InlineData("/api/models/v9/model.onnx", 404, "GET /api/models")]
    [InlineData("/api/reports/none", 404, "GET /api/datasets")]
    [InlineData("/api/datasets?path=a/never%20b.csv", 404, "GET /api/datasets")]
    public async Task What_is_not_there_is_a_problem_with_the_next_step(string address, int status, string detail)
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage response = await http.GetAsync(address, Cancel);

        await response.AssertProblemAsync(status, detail, Cancel);
    }

    [Theory]
    [InlineData("path=a/b%20c.csv")]
    [InlineData("path=a%2Fb%20c.csv")]
    [InlineData("path=a%2Fb+c.csv")]
    public async Task A_dataset_is_addressed_by_its_path(string query)
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        PipelineStorage storage = (await host.HostAsync(Cancel)).Storage;
        await storage.Blob(BlobLayout.Rejected, "a/b c.csv.reason.json").UploadAsync(
            BinaryData.FromString("""{"source":"a/b c.csv","file":"b c.csv","rejection":"it is empty"}"""), overwrite: true, Cancel);

        JsonElement list = await (await http.GetAsync($"/api/datasets?{query}", Cancel)).ReadJsonAsync(Cancel);

        Assert.Equal("it is empty", list.GetProperty("report").GetProperty("rejection").GetString());
    }

    [Fact]
    public async Task Pages_of_batches_are_continued_with_the_header_of_the_management_API()
    {
        using HttpClient http = await ClientAsync("page 顔 1", "keypoints.csv");
        await ClientAsync("page 顔 2", "keypoints.csv");
        var found = new List<string>();
        string? token = null;
        do
        {
            using HttpRequestMessage request = Request(HttpMethod.Get, "/api/batches?top=1");
            if (token is not null)
                request.Headers.Add("x-ms-continuation-token", token);
            using HttpResponseMessage response = await http.SendAsync(request, Cancel);
            foreach (JsonElement batch in (await response.ReadJsonAsync(Cancel)).GetProperty("batches").EnumerateArray())
                found.Add(batch.GetProperty("batch").GetString()!);
            token = response.Headers.TryGetValues("x-ms-continuation-token", out IEnumerable<string>? values) ? values.Single() : null;
        }
        while (token is not null);

        Assert.Equal(["page 顔 1", "page 顔 2"], found.Where(name => name.StartsWith("page", StringComparison.Ordinal)));
    }

    private async Task<HttpClient> ClientAsync(string batch, string name)
    {
        LocalHost local = await host.HostAsync(Cancel);
        await local.Storage.Blob(BlobLayout.Results, $"{batch}/{name}").UploadAsync(BinaryData.FromString(Content), overwrite: true, Cancel);
        return DescribedAnswers.CreateClient(local.Url);
    }

    private static HttpRequestMessage Request(HttpMethod method, string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<int> StatusAsync(HttpClient http, string address, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, address, headers);
        using HttpResponseMessage response = await http.SendAsync(request, Cancel);
        return (int)response.StatusCode;
    }
}
