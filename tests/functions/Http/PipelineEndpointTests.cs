using System.Text;
using System.Text.Json;
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

/// <summary>What the endpoints answer. That of a starter needs the addresses which only the Functions host knows.</summary>
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
    [InlineData("""{"epochs":5}""")]
    [InlineData("not JSON")]
    [InlineData("""{"settings":{"epochs":0}}""")]
    public async Task A_bad_body_is_refused_with_a_problem_that_says_why(string body)
    {
        (int status, string? type, JsonElement problem) = await CallAsync(
            (api, http, client) => api.RetrainAsync(http.Request, client, Cancel), body);

        Assert.Equal((400, "application/problem+json"), (status, type));
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
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

    private async Task<(int Status, string? Type, JsonElement Body)> CallAsync(
        Func<PipelineEndpoints, HttpContext, DurableTaskClient, Task<IResult>> call, string body = "")
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(storage)
            .AddPipelineSteps()
            .BuildServiceProvider();
        await using DurableTaskTestHost hub = await InProcessHost.StartAsync(_ => { }, new ServiceCollection().AddLogging(), Cancel);
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Response.Body = answer;

        IResult result = await call(new PipelineEndpoints(services), http, hub.Client);
        await result.ExecuteAsync(http);

        return (http.Response.StatusCode, http.Response.ContentType, JsonSerializer.Deserialize<JsonElement>(answer.ToArray()));
    }
}
