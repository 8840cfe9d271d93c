using System.Net;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Xunit;
using static KeypointPipeline.Local.Tests.Http.HttpBodies;

namespace KeypointPipeline.Local.Tests.Http;

public sealed class PipelineEndpointTests(HttpHost host)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("""{"force":true,"settings":{"epochs":3}}""", true)]
    public async Task A_retraining_starts_and_says_where_to_follow_it(string? body, bool force)
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage response = await http.PostAsync("/api/retrain", body is null ? null : Json(body), Cancel);
        JsonElement links = await response.ReadJsonAsync(Cancel);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), response.Headers.RetryAfter?.Delta);
        Assert.Equal(
            ["id", "statusQueryGetUri", "sendEventPostUri", "terminatePostUri", "purgeHistoryDeleteUri"],
            links.EnumerateObject().Select(member => member.Name));
        Assert.Equal(links.GetProperty("statusQueryGetUri").GetString(), response.Headers.Location?.OriginalString);
        string raise = links.GetProperty("sendEventPostUri").GetString()!.Replace("{eventName}", "go", StringComparison.Ordinal);
        string terminate = links.GetProperty("terminatePostUri").GetString()!.Replace("{text}", "enough", StringComparison.Ordinal);

        using HttpResponseMessage status = await http.GetAsync(response.Headers.Location, Cancel);
        JsonElement instance = await status.ReadJsonAsync(Cancel);
        Assert.Equal(links.GetProperty("id").GetString(), instance.GetProperty("instanceId").GetString());
        Assert.Equal("Retrain", instance.GetProperty("name").GetString());
        Assert.Equal(force, instance.GetProperty("input").GetProperty("force").GetBoolean());
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync(raise, Json("1"), Cancel)).StatusCode);
        Assert.Contains((int)(await http.PostAsync(terminate, null, Cancel)).StatusCode, new[] { 202, 410 });
    }

    [Theory]
    [InlineData("retrain", "{", "line 1, character 2")]
    [InlineData("retrain", """{"epochs":3}""", "epochs is not known here")]
    [InlineData("retrain", """{"settings":{"epochs":0}}""", "epochs is 0")]
    [InlineData("retrain", "null", "The body is null")]
    [InlineData("models/v1/promote", """{"force":"yes"}""", "force is \"yes\"; expected true or false.")]
    public async Task A_body_that_cannot_be_used_is_400_and_says_why(string address, string body, string detail)
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage response = await http.PostAsync($"/api/{address}", Json(body), Cancel);

        await response.AssertProblemAsync(400, detail, Cancel);
    }

    [Fact]
    public async Task A_batch_starts_once_whether_by_request_or_by_the_marker_that_the_request_writes()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        LocalHost local = await host.HostAsync(Cancel);
        await local.Storage.Blob(BlobLayout.Images, "my ü batch/a.png").UploadAsync(BinaryData.FromString("x"), Cancel);

        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 5).Select(_ => http.PostAsync("/api/batches/my%20%C3%BC%20batch", null, Cancel))];
        HttpResponseMessage[] responses = await Task.WhenAll(requests);
        string[] ids = await Task.WhenAll(responses.Select(async r => (await r.ReadJsonAsync(Cancel)).GetProperty("id").GetString()!));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Accepted, response.StatusCode));
        string id = Assert.Single(ids.Distinct(StringComparer.Ordinal));
        Assert.True(await local.Storage.Blob(BlobLayout.Images, "my ü batch/_READY").ExistsAsync(Cancel));
        await SeenByWatcherAsync(local);
        IReadOnlyList<WorkflowStatus> instances = await local.Workflows.ListAsync(new WorkflowQuery(InstanceIdPrefix: "batch-my"), Cancel);
        Assert.Equal([id], instances.Select(instance => instance.InstanceId));
    }

    [Fact]
    public async Task A_batch_without_images_is_404_and_says_where_they_go()
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage response = await http.PostAsync("/api/batches/nothing", null, Cancel);

        await response.AssertProblemAsync(404, "images/nothing/", Cancel);
    }

    [Fact]
    public async Task A_dropped_dataset_starts_its_ingest()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        LocalHost local = await host.HostAsync(Cancel);
        var upload = await local.Storage.Blob(BlobLayout.Datasets, "von außen.csv").UploadAsync(BinaryData.FromString("x"), Cancel);
        string id = InstanceIds.Ingest("von außen.csv", upload.Value.ETag.ToString());

        await Eventually.TrueAsync(
            async () => (await http.GetAsync(ManagementRoutes.Instance(id), Cancel)).StatusCode == HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Models_datasets_and_health_answer_before_there_are_any()
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        JsonElement models = await (await http.GetAsync("/api/models", Cancel)).ReadJsonAsync(Cancel);
        JsonElement datasets = await (await http.GetAsync("/api/datasets", Cancel)).ReadJsonAsync(Cancel);
        JsonElement health = await (await http.GetAsync("/api/health", Cancel)).ReadJsonAsync(Cancel);

        Assert.Empty(models.GetProperty("models").EnumerateArray());
        Assert.Empty(datasets.GetProperty("datasets").EnumerateArray());
        Assert.Equal("healthy", health.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_log_of_a_training_and_the_sides_of_rows_are_shown()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        LocalHost local = await host.HostAsync(Cancel);
        await local.Storage.Blob(BlobLayout.Runs, $"train-logged/{TrainingRunFiles.Log}").UploadAsync(BinaryData.FromString("one\ntwo\n"), Cancel);

        JsonElement log = await (await http.GetAsync("/api/trainings/train-logged/log", Cancel)).ReadJsonAsync(Cancel);
        JsonElement sides = await (await http.GetAsync("/api/datasets/sides", Cancel)).ReadJsonAsync(Cancel);

        Assert.Equal(["one", "two"], log.GetProperty("lines").EnumerateArray().Select(line => line.GetString()!));
        Assert.Empty(sides.GetProperty("sides").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/trainings/none/log", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Promoting_what_is_not_published_is_404()
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage response = await http.PostAsync("/api/models/v9/promote", Json("""{"force":true}"""), Cancel);

        await response.AssertProblemAsync(404, "'v9' is not published", Cancel);
    }

    /// <summary>Asks for a batch, a file and a version that nobody has: 404, but the endpoint's own.</summary>
    [Fact]
    public async Task Every_endpoint_of_the_table_is_served()
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        foreach (ApiRoute route in ApiRoute.All)
        {
            string address = route.Path([.. route.Placeholders.Select(_ => "nobody")]);
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), address);
            using HttpResponseMessage response = await http.SendAsync(request, Cancel);
            Assert.False(
                (await response.ReadJsonAsync(Cancel)).TryGetProperty("title", out JsonElement title) && title.GetString() == "No such address",
                $"{route} is not served.");
        }
    }

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("DELETE", "/api/models")]
    public async Task Any_other_address_is_a_problem_too(string method, string address)
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        using HttpResponseMessage response = await http.SendAsync(request, Cancel);

        await response.AssertProblemAsync(404, "/api/health", Cancel);
    }

    [Theory]
    [InlineData("Host", "evil.example", 403)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Host", "localhost:1", 200)]
    [InlineData("Origin", "http://localhost:3000", 200)]
    public async Task Web_pages_from_elsewhere_are_kept_out(string header, string value, int expected)
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/health");
        request.Headers.TryAddWithoutValidation(header, value);

        using HttpResponseMessage response = await http.SendAsync(request, Cancel);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    /// <summary>A zip that was dropped later is noticed only after the marker was.</summary>
    private static async Task SeenByWatcherAsync(LocalHost local)
    {
        for (int look = 0; look < 2; look++)
        {
            var upload = await local.Storage.Blob(BlobLayout.Images, $"seen {look}.zip").UploadAsync(BinaryData.FromString("x"), Cancel);
            string id = InstanceIds.Batch($"seen {look}", upload.Value.ETag.ToString());
            await Eventually.TrueAsync(async () => await local.Workflows.GetAsync(id, Cancel) is not null);
        }
    }
}
