using System.Net;
using System.Text.Json;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.OpenApi;
using Xunit;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>Uploads over HTTP, also when the host ends in the middle.</summary>
public sealed class UploadOverHttpTests(HttpHost host)
{
    private const int Block = 4 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_goes_on_after_a_restart_and_nothing_is_half_dropped()
    {
        using TemporaryFolder home = TestFolder.Create("upload");
        byte[] content = new byte[Block + 100];
        new Random(1).NextBytes(content);
        const string Address = "/api/uploads/images/people%20%C3%BC.zip?upload=u1";
        await using (LocalHost first = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel))
        {
            using HttpClient http = DescribedAnswers.CreateClient(first.Url);
            await PutAsync(http, $"{Address}&block=0", content[..Block]);
        }

        await using LocalHost second = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
        using HttpClient again = DescribedAnswers.CreateClient(second.Url);
        JsonElement state = await (await again.GetAsync(Address, Cancel)).ReadJsonAsync(Cancel);
        Assert.Equal([0], state.GetProperty("blocks").EnumerateArray().Select(block => block.GetInt32()));
        Assert.Empty(await second.Workflows.ListAsync(new WorkflowQuery(), Cancel));
        await PutAsync(again, $"{Address}&block=1", content[Block..]);
        using HttpResponseMessage done = await again.PostAsync($"{Address}&bytes={content.Length}", content: null, Cancel);

        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        string id = (await done.ReadJsonAsync(Cancel)).GetProperty("instanceId").GetString()!;
        Assert.NotNull(await second.Workflows.GetAsync(id, Cancel));
        PipelineStorage storage = second.Storage;
        Assert.Equal(content, (await storage.FindContentAsync(BlobLayout.Images, "people ü.zip", Cancel))!.Content.ToArray());
    }

    [Fact]
    public async Task A_larger_block_is_413_and_a_wrong_name_is_400()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        using var large = new ByteArrayContent(new byte[Block + 1]);

        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/uploads/datasets/a.csv?upload=u1&block=0") { Content = large };
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage tooLarge = await http.SendAsync(request, Cancel);
        using HttpResponseMessage wrong = await http.PostAsync("/api/uploads/images/a.jpg?upload=u1&bytes=0", content: null, Cancel);

        await tooLarge.AssertProblemAsync(413, "", Cancel);
        await wrong.AssertProblemAsync(400, "images/{batch}/", Cancel);
    }

    [Fact]
    public async Task A_value_that_is_polled_is_304_while_it_is_the_same()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        using HttpResponseMessage first = await http.GetAsync("/api/host", Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/host");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await http.SendAsync(request, Cancel);

        Assert.Equal("local", (await first.ReadJsonAsync(Cancel)).GetProperty("facts").GetProperty("host").GetString());
        Assert.Equal((HttpStatusCode.NotModified, ""), (second.StatusCode, await second.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public async Task A_thumbnail_is_304_while_the_client_has_it()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        using var picture = new ByteArrayContent(Picture());
        (await http.PutAsync("/api/uploads/images/of%20thumbnails/a%20b.png?upload=u1&block=0", picture, Cancel)).EnsureSuccessStatusCode();
        (await http.PostAsync($"/api/uploads/images/of%20thumbnails/a%20b.png?upload=u1&bytes={Picture().Length}", content: null, Cancel)).EnsureSuccessStatusCode();
        const string Address = "/api/batches/of%20thumbnails/thumbnails/a%20b.png?size=16";

        using HttpResponseMessage first = await http.GetAsync(Address, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await http.SendAsync(request, Cancel);

        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }

    /// <summary>A picture of one pixel.</summary>
    private static byte[] Picture() => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static async Task PutAsync(HttpClient http, string address, byte[] block)
    {
        using var body = new ByteArrayContent(block);
        using HttpResponseMessage response = await http.PutAsync(address, body, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
