using System.Text;
using KeypointPipeline.Api;
using KeypointPipeline.Functions.Http;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Http;

/// <summary>Files that the function app answers with. The tests of the local host have the other ranges and conditions: ASP.NET Core
/// answers them on both hosts.</summary>
public sealed class FileEndpointTests(AzuriteFixture azurite)
{
    private const string Content = "0123456789";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", null, 200, Content)]
    [InlineData("GET", "bytes=2-4", 206, "234")]
    [InlineData("GET", "bytes=10-", 416, "")]
    [InlineData("HEAD", null, 200, "")]
    public async Task A_result_is_sent_as_a_whole_or_in_part(string method, string? range, int status, string body)
    {
        HttpResponse response = await CallAsync(
            method, range, (api, request, client) => api.ReadResultAsync(request, "may", "overlays/a b.jpg", client, Cancel));

        Assert.Equal((status, body), (response.StatusCode, Text(response)));
        Assert.Equal("nosniff", response.Headers.XContentTypeOptions);
        Assert.NotEmpty(response.Headers.ETag.ToString());
    }

    [Theory]
    [InlineData(null, "text/html; charset=utf-8")]
    [InlineData("views/home.js", "text/javascript; charset=utf-8")]
    public async Task The_page_is_served_with_a_policy_that_lets_it_load_only_its_own_files(string? name, string type)
    {
        HttpResponse response = await CallAsync("GET", null, (api, request, client) => api.ReadPageAsync(request, name, client, Cancel));

        Assert.Equal((200, type), (response.StatusCode, response.ContentType));
        Assert.StartsWith("default-src 'none'; script-src 'self';", response.Headers.ContentSecurityPolicy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_problem()
    {
        HttpResponse response = await CallAsync("GET", null, (api, request, client) => api.ReadResultAsync(request, "may", "x.csv", client, Cancel));
        Assert.Equal((404, "application/problem+json"), (response.StatusCode, response.ContentType));

        response = await CallAsync("GET", null, (api, request, client) => api.ReadResultAsync(request, "may", name: null, client, Cancel));
        Assert.Equal(400, response.StatusCode);

        response = await CallAsync("GET", null, (api, request, client) => api.ReadModelAsync(request, "v9", client, Cancel));
        Assert.Equal(404, response.StatusCode);

        response = await CallAsync("GET", null, (api, request, client) => api.ReadReportAsync(request, "none", client, Cancel));
        Assert.Equal(404, response.StatusCode);

        response = await CallAsync("GET", null, (api, request, client) => api.ReadPageAsync(request, "nothing.js", client, Cancel));
        Assert.Equal(404, response.StatusCode);
    }

    [Fact]
    public async Task Batches_are_listed_in_pages_and_shown_with_their_files()
    {
        HttpResponse list = await CallAsync("GET", null, (api, request, client) =>
        {
            request.QueryString = new QueryString("?top=1");
            return api.ListBatchesAsync(request, client, Cancel);
        });
        Assert.Equal((200, """{"batches":[{"batch":"june"}]}"""), (list.StatusCode, Text(list)));

        HttpResponse rest = await CallAsync("GET", null, (api, request, client) =>
        {
            request.Headers["x-ms-continuation-token"] = list.Headers["x-ms-continuation-token"];
            return api.ListBatchesAsync(request, client, Cancel);
        });
        Assert.Equal((200, """{"batches":[{"batch":"may"}]}"""), (rest.StatusCode, Text(rest)));

        HttpResponse batch = await CallAsync("GET", null, (api, request, client) => api.ShowBatchAsync(request, "may", client, Cancel));
        Assert.Contains("overlays/a b.jpg", Text(batch), StringComparison.Ordinal);
    }

    private async Task<HttpResponse> CallAsync(string method, string? range, Func<PipelineEndpoints, HttpRequest, DurableTaskClient, Task<IResult>> call)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        foreach (string name in (string[])["june/keypoints.csv", "may/overlays/a b.jpg"])
            await storage.Blob(BlobLayout.Results, name).UploadAsync(BinaryData.FromString(Content), Cancel);
        ServiceProvider provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(storage)
            .AddPipelineSteps()
            .AddPipelineApi()
            .BuildServiceProvider();
        await using DurableTaskTestHost hub = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), Cancel);
        var http = new DefaultHttpContext { RequestServices = provider };
        http.Request.Method = method;
        http.Response.Body = new MemoryStream();
        if (range is not null)
            http.Request.Headers.Range = range;

        IResult result = await call(new PipelineEndpoints(provider), http.Request, hub.Client);
        await result.ExecuteAsync(http);
        return http.Response;
    }

    private static string Text(HttpResponse response) => Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());
}
