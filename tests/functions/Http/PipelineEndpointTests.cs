using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using KeypointPipeline.Api;
using KeypointPipeline.Finding;
using KeypointPipeline.Functions.Http;
using KeypointPipeline.Functions.Tests.Durable;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using KeypointPipeline.WorkflowSuite.Engines;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KeypointPipeline.Functions.Tests.Http;

/// <summary>What the endpoints answer. A started instance is not tested: only the Functions host knows its addresses.</summary>
public sealed class PipelineEndpointTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_and_datasets_are_listed()
    {
        (int status, _, JsonElement models) = await CallAsync((api, http, client) => api.ListModelsAsync(http.Request, client, Cancel));
        Assert.Equal((200, 0), (status, models.GetProperty("models").GetArrayLength()));

        (status, _, JsonElement datasets) = await CallAsync((api, http, client) => api.ListDatasetsAsync(http.Request, client, Cancel));
        Assert.Equal((200, 0), (status, datasets.GetProperty("datasets").GetArrayLength()));
    }

    [Fact]
    public async Task Health_says_that_storage_answers()
    {
        (int status, _, JsonElement health) = await CallAsync((api, http, client) => api.CheckHealthAsync(http.Request, client, Cancel));

        Assert.Equal((200, "healthy"), (status, health.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("{", "line 1, character 2")]
    [InlineData("""{"epochs":3}""", "epochs is not known here")]
    [InlineData("""{"settings":{"epochs":0}}""", "epochs is 0")]
    [InlineData("null", "The body is null")]
    public async Task A_body_that_cannot_be_used_is_400_and_says_why(string body, string detail)
    {
        (int status, string? type, JsonElement problem) = await CallAsync(
            (api, http, client) => api.RetrainAsync(http.Request, client, Cancel), body);

        Assert.Equal((400, "application/problem+json"), (status, type));
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_a_problem_with_the_next_step()
    {
        (int status, _, JsonElement problem) = await CallAsync(
            (api, http, client) => api.PromoteAsync(http.Request, "v9", client, Cancel), "");
        Assert.Equal((404, "No such model version"), (status, problem.GetProperty("title").GetString()));

        (status, _, problem) = await CallAsync((api, http, client) => api.StartBatchAsync(http.Request, "nobody", client, Cancel));
        Assert.Equal((404, "No such batch"), (status, problem.GetProperty("title").GetString()));
    }

    [Theory]
    [InlineData("?pth=a.csv", 400, "'pth' is not a value of this address")]
    [InlineData("?path=never.csv&code=key", 404, "datasets/never.csv")]
    [InlineData("?group=anna&everywhere=true&code=key", 200, null)]
    public async Task A_removal_takes_the_values_of_its_address_and_the_key(string query, int expected, string? detail)
    {
        (int status, _, JsonElement body) = await CallAsync(
            (api, http, client) =>
            {
                http.Request.QueryString = new QueryString(query);
                return api.RemoveDatasetAsync(http.Request, client, Cancel);
            },
            services: services => services.AddSingleton(new WorkFolder(Path.GetTempPath())).AddSingleton<ITrainerLauncher>(new NoTrainers()));

        Assert.Equal(expected, status);
        if (detail is not null)
            Assert.Contains(detail, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        else
            Assert.NotEmpty(body.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_a_503_problem_and_the_log_has_the_details_under_the_answers_id()
    {
        var log = new LogRecorder();

        (int status, string? type, JsonElement problem) = await CallAsync(
            (api, http, client) => api.ListModelsAsync(Get(http, "/api/models"), client, Cancel),
            services: services => services.AddSingleton(UnreachableStorage()).AddSingleton<ILoggerProvider>(log));

        Assert.Equal((503, "application/problem+json"), (status, type));
        Assert.Equal("Storage failed", problem.GetProperty("title").GetString());
        string id = problem.GetProperty("detail").GetString()!.Split("details under ")[1].TrimEnd('.');
        Assert.Contains($"Error: GET /api/models failed, answered as {id}", log.Lines);
    }

    [Fact]
    public async Task An_unexpected_error_is_a_500_problem_that_keeps_its_details_to_the_log()
    {
        (int status, string? type, JsonElement problem) = await CallAsync(
            (api, http, client) => api.RetrainAsync(http.Request, client, Cancel),
            services: services => services.AddSingleton<TimeProvider>(new BrokenTime()));

        Assert.Equal((500, "application/problem+json"), (status, type));
        Assert.Equal("Internal error", problem.GetProperty("title").GetString());
        Assert.DoesNotContain(BrokenTime.Secret, problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_the_web_server_refuses_is_a_problem_with_its_status()
    {
        (int status, string? type, JsonElement problem) = await CallAsync((api, http, client) =>
        {
            http.Request.Body = new RefusedBody();
            return api.RetrainAsync(http.Request, client, Cancel);
        });

        Assert.Equal((413, "application/problem+json"), (status, type));
        Assert.Equal(("Invalid request", "Too large."), (problem.GetProperty("title").GetString(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task A_request_that_was_cancelled_is_not_answered()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CallAsync((api, http, client) => api.ListModelsAsync(http.Request, client, cancelled.Token)));
    }

    [Fact]
    public async Task A_picture_is_predicted_at_once()
    {
        using TemporaryFolder folder = TestFolder.Create("predict");
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await ModelExamples.PublishChampionAsync(storage, "v1", new KeypointSchema(["spot"], 16, 16), Cancel);

        (int status, _, JsonElement answer) = await CallAsync(
            (api, http, client) => api.PredictAsync(http.Request, client, Cancel),
            body: $"P2 40 20 255\n{string.Join(' ', Enumerable.Repeat("90", 800))}\n",
            services: services => services.AddSingleton(storage).AddSingleton(new WorkFolder(folder.Path)).AddSingleton(new HostFinder(FinderKind.Whole)));

        Assert.Equal((200, 40, 20), (status, answer.GetProperty("width").GetInt32(), answer.GetProperty("height").GetInt32()));
        Assert.Equal([19.5, 9.5], answer.GetProperty("faces")[0].GetProperty("points")[0].EnumerateArray().Select(number => number.GetDouble()));

        (status, _, JsonElement problem) = await CallAsync(
            (api, http, client) => api.PredictAsync(http.Request, client, Cancel), services: services => services.AddSingleton(new WorkFolder(folder.Path)));
        Assert.Equal((409, "No champion"), (status, problem.GetProperty("title").GetString()));
    }

    private async Task<(int Status, string? Type, JsonElement Body)> CallAsync(
        Func<PipelineEndpoints, HttpContext, DurableTaskClient, Task<IResult>> call,
        string body = "",
        Action<IServiceCollection>? services = null)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        IServiceCollection registered = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(storage)
            .AddPipelineSteps()
            .AddPipelineApi();
        services?.Invoke(registered);
        await using ServiceProvider provider = registered.BuildServiceProvider();
        await using DurableTaskTestHost hub = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), Cancel);
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = provider };
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Response.Body = answer;

        IResult result = await call(new PipelineEndpoints(provider), http, hub.Client);
        await result.ExecuteAsync(http);

        return (http.Response.StatusCode, http.Response.ContentType, JsonSerializer.Deserialize<JsonElement>(answer.ToArray()));
    }

    private static HttpRequest Get(HttpContext http, string path)
    {
        http.Request.Method = "GET";
        http.Request.Path = path;
        return http.Request;
    }

    private static PipelineStorage UnreachableStorage()
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        return new PipelineStorage(new BlobServiceClient(
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/a;", options));
    }

    private sealed class BrokenTime : TimeProvider
    {
        public const string Secret = "the clock is broken";

        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException(Secret);
    }

    private sealed class NoTrainers : ITrainerLauncher
    {
        public Task StartAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StopAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<TrainerSighting> LookAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Kestrel refuses a body while it is read.</summary>
    private sealed class RefusedBody : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
    }
}
