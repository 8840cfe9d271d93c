using System.Net;
using System.Text.Json;
using KeypointPipeline.Api;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Commands.Data;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.OpenApi;
using Xunit;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>The roll-back of docs/deploy.md and README.md: a request without a body.</summary>
public sealed class RollBackTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_documented_roll_back_answers_200_and_is_recorded_and_listed()
    {
        using TemporaryFolder home = TestFolder.Create("roll back");
        await using LocalHost host = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
        using HttpClient http = DescribedAnswers.CreateClient(host.Url);
        var schema = new KeypointSchema(["nose"], 8, 8);
        await ModelExamples.PublishChampionAsync(host.Storage, "v1", schema, Cancel);
        await ModelExamples.PublishChampionAsync(host.Storage, "v2", schema, Cancel);

        using HttpResponseMessage response = await http.PostAsync("/api/models/v1/promote", content: null, Cancel);
        ModelList list = PipelineJson.Read<ModelList>(await http.GetStringAsync("/api/models", Cancel));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement pointer = await response.ReadJsonAsync(Cancel);
        Assert.Equal("rolled back from v2 (promoted by hand)", pointer.GetProperty("reason").GetString());
        Assert.Equal(("v1", "v2"), (list.Champion!.Version, list.Champion.PreviousVersion));
        Assert.Equal(["v2"], list.Champion.RolledBack!);
        Assert.EndsWith("UTC: rolled back from v2 (promoted by hand)", ModelsCommand.Decisions(list).First(), StringComparison.Ordinal);
    }
}
