using System.Net;
using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.OpenApi;
using Xunit;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>One picture at once, over HTTP.</summary>
public sealed class PredictEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_larger_than_other_bodies_is_predicted_and_refusals_are_problems()
    {
        using TemporaryFolder home = TestFolder.Create("predict");
        await using LocalHost host = await LocalHost.StartAsync(HttpHost.Options(home.Path), Cancel);
        using HttpClient http = DescribedAnswers.CreateClient(host.Url);
        await ModelExamples.PublishChampionAsync(host.Storage, "v1", new KeypointSchema(["spot"], 16, 16), Cancel);

        // Uncompressed: 1,000 × 600 pixels of three bytes.
        using HttpResponseMessage response = await http.PostAsync("/api/predict", new ByteArrayContent([.. "P6 1000 600 255\n"u8, .. new byte[1_800_000]]), Cancel);
        JsonElement answer = await response.ReadJsonAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"width":1000,"height":600,"modelVersion":"v1","finder":"whole","keypoints":["spot"]}""",
            JsonSerializer.Serialize(answer.EnumerateObject().Take(5).ToDictionary(member => member.Name, member => member.Value)));
        Assert.Equal([499.5, 299.5], answer.GetProperty("faces")[0].GetProperty("points")[0].EnumerateArray().Select(number => number.GetDouble()));

        using HttpResponseMessage text = await http.PostAsync("/api/predict", new StringContent("no picture"), Cancel);
        await text.AssertProblemAsync(415, "Send the bytes of a JPEG", Cancel);
        using HttpResponseMessage broken = await http.PostAsync("/api/predict", new ByteArrayContent([.. "P6 1000 600 255\n"u8, 1, 2, 3]), Cancel);
        await broken.AssertProblemAsync(422, "cut off", Cancel);
        using var large = new ByteArrayContent(new byte[ImageLimits.LargestFile + 1]);
        using HttpResponseMessage tooLarge = await http.PostAsync("/api/predict", large, Cancel);
        await tooLarge.AssertProblemAsync(413, "Reduce the picture", Cancel);
    }
}
