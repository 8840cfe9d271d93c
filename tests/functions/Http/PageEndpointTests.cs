using System.Text;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Hosts;
using KeypointPipeline.Functions.Http;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.OpenApi;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Http;

/// <summary>The endpoints with which people watch and act, as the function app serves them on Durable's in-process host.</summary>
public sealed class PageEndpointTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_is_uploaded_and_shown()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        byte[] picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        const string Upload = "/api/uploads/images/may/a b.png";

        await CallAsync(storage, "PUT", Upload, "?upload=u1&block=0", picture, (api, request, client) => api.PutUploadBlockAsync(request, "images", "may/a b.png", client, Cancel));
        HttpResponse state = await CallAsync(storage, "GET", Upload, "?upload=u1", [], (api, request, client) => api.ShowUploadAsync(request, "images", "may/a b.png", client, Cancel));
        Assert.Contains("\"blocks\":[0]", Text(state), StringComparison.Ordinal);
        HttpResponse done = await CallAsync(
            storage, "POST", Upload, $"?upload=u1&bytes={picture.Length}", [], (api, request, client) => api.CommitUploadAsync(request, "images", "may/a b.png", client, Cancel));
        HttpResponse shown = await CallAsync(
            storage, "GET", "/api/batches/may/thumbnails/a b.png", "?size=16", [], (api, request, client) => api.ReadThumbnailAsync(request, "may", "a b.png", client, Cancel));

        Assert.Equal((200, 200, "image/jpeg"), (done.StatusCode, shown.StatusCode, shown.ContentType));
        HttpResponse known = await CallAsync(storage, "GET", "/api/batches/may/thumbnails/a b.png", "?size=16", [], (api, request, client) =>
        {
            request.Headers.IfNoneMatch = shown.Headers.ETag;
            return api.ReadThumbnailAsync(request, "may", "a b.png", client, Cancel);
        });
        Assert.Equal((304, ""), (known.StatusCode, Text(known)));
    }

    [Fact]
    public async Task Trainings_and_the_host_are_shown_and_a_value_that_is_polled_is_304_while_it_is_the_same()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;

        HttpResponse trainings = await CallAsync(storage, "GET", "/api/trainings", "", [], (api, request, client) => api.ListTrainingsAsync(request, client, Cancel));
        Assert.Equal((200, """{"trainings":[]}"""), (trainings.StatusCode, Text(trainings)));
        await storage.Blob(BlobLayout.Runs, $"train-1/{TrainingRunFiles.Log}").UploadAsync(BinaryData.FromString("one\ntwo\n"), Cancel);
        HttpResponse log = await CallAsync(storage, "GET", "/api/trainings/train-1/log", "", [], (api, request, client) => api.ReadTrainingLogAsync(request, "train-1", client, Cancel));
        Assert.Equal((200, """{"runId":"train-1","lines":["one","two"]}"""), (log.StatusCode, Text(log)));
        HttpResponse sides = await CallAsync(storage, "GET", "/api/datasets/sides", "", [], (api, request, client) => api.ListSidesAsync(request, client, Cancel));
        Assert.Equal((200, """{"sides":[],"datasets":[]}"""), (sides.StatusCode, Text(sides)));
        HttpResponse host = await CallAsync(storage, "GET", "/api/host", "", [], (api, request, client) => api.ShowHostAsync(request, client, Cancel));
        Assert.Equal(200, host.StatusCode);
        HttpResponse same = await CallAsync(storage, "GET", "/api/trainings", "", [], (api, request, client) =>
        {
            request.Headers.IfNoneMatch = trainings.Headers.ETag;
            return api.ListTrainingsAsync(request, client, Cancel);
        });
        Assert.Equal((304, ""), (same.StatusCode, Text(same)));
    }

    [Fact]
    public async Task A_learning_curve_is_drawn_and_is_304_while_it_is_the_same()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        string lines = string.Concat(Enumerable.Range(1, 3).Select(epoch => PipelineJson.Write(new EpochMetrics(epoch, 0.1, 1.0 / epoch, 5.0 / epoch, 1, 9)) + "\n"));
        await storage.Blob(BlobLayout.Runs, "t1/metrics.jsonl").UploadAsync(BinaryData.FromString(lines), Cancel);

        HttpResponse curve = await CallAsync(storage, "GET", "/api/trainings/t1/curve.svg", "?theme=dark", [], (api, request, client) => api.ReadCurveAsync(request, "t1", client, Cancel));
        Assert.Equal((200, "image/svg+xml"), (curve.StatusCode, curve.ContentType));
        Assert.Contains("lowest after epoch 3", Text(curve), StringComparison.Ordinal);
        HttpResponse same = await CallAsync(storage, "GET", "/api/trainings/t1/curve.svg", "?theme=dark", [], (api, request, client) =>
        {
            request.Headers.IfNoneMatch = curve.Headers.ETag;
            return api.ReadCurveAsync(request, "t1", client, Cancel);
        });
        Assert.Equal((304, ""), (same.StatusCode, Text(same)));
    }

    [Fact]
    public async Task What_does_not_exist_is_a_problem()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;

        Assert.Equal(404, await StatusAsync("/api/trainings/none", (api, request, client) => api.ShowTrainingAsync(request, "none", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/trainings/none/log", (api, request, client) => api.ReadTrainingLogAsync(request, "none", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/batches/may/pictures", (api, request, client) => api.ListPicturesAsync(request, "may", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/batches/may/errors", (api, request, client) => api.ListBatchErrorsAsync(request, "may", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/batches/may/thumbnails/a.jpg", (api, request, client) => api.ReadThumbnailAsync(request, "may", "a.jpg", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/datasets/none/rows", (api, request, client) => api.ListRowsAsync(request, "none", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/datasets/none/rows/0/frame", (api, request, client) => api.ReadFrameAsync(request, "none", "0", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/trainings/none/curve.svg", (api, request, client) => api.ReadCurveAsync(request, "none", client, Cancel)));
        Assert.Equal(404, await StatusAsync(
            "/api/models/v1/compare/v2/keypoints.svg", (api, request, client) => api.ReadKeypointErrorsAsync(request, "v1", "v2", client, Cancel)));
        Assert.Equal(404, await StatusAsync("/api/models/v1/compare/v2", (api, request, client) => api.CompareModelsAsync(request, "v1", "v2", client, Cancel)));
        Assert.Equal(409, await StatusAsync("/api/batches/may/cancel", (api, request, client) => api.CancelBatchAsync(request, "may", client, Cancel), "POST"));
        Assert.Equal(404, await StatusAsync("/api/batches/may/again", (api, request, client) => api.RepeatBatchAsync(request, "may", client, Cancel), "POST"));
        Assert.Equal(404, await StatusAsync("/api/trainings/none/stop", (api, request, client) => api.StopTrainingAsync(request, "none", client, Cancel), "POST"));
        Assert.Equal(400, await StatusAsync("/api/mirror", (api, request, client) => api.StateMirrorAsync(request, client, Cancel), "PUT"));

        async Task<int> StatusAsync(string path, Func<PageEndpoints, HttpRequest, DurableTaskClient, Task<IResult>> call, string method = "GET") =>
            (await CallAsync(storage, method, path, "", [], call)).StatusCode;
    }

    private static async Task<HttpResponse> CallAsync(
        PipelineStorage storage, string method, string path, string query, byte[] body, Func<PageEndpoints, HttpRequest, DurableTaskClient, Task<IResult>> call)
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(storage)
            .AddSingleton(new WorkFolder(Path.GetTempPath()))
            .AddSingleton<ITrainerLauncher, NoTrainers>()
            .AddSingleton<IHostFacts, NoFacts>()
            .AddPipelineSteps()
            .AddPipelineApi()
            .BuildServiceProvider();
        await using DurableTaskTestHost hub = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), Cancel);
        var http = new DefaultHttpContext { RequestServices = provider };
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.QueryString = new QueryString(query);
        http.Request.Body = new MemoryStream(body);
        http.Response.Body = new MemoryStream();
        await (await call(new PageEndpoints(provider), http.Request, hub.Client)).ExecuteAsync(http);
        string? mediaType = http.Response.ContentType?.Split(';')[0];
        JsonElement? json = mediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonSerializer.Deserialize<JsonElement>(Text(http.Response)) : null;
        Assert.Null(DescribedApi.FindDifference(method, path, http.Response.StatusCode, mediaType, json));
        return http.Response;
    }

    private static string Text(HttpResponse response) => Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());

    private sealed class NoFacts : IHostFacts
    {
        public HostFacts Read(DateTimeOffset now) => new("functions", null, null, new TrainingSettings(), []);
    }

    private sealed class NoTrainers : ITrainerLauncher
    {
        public Task StartAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StopAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
