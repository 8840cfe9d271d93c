using System.Net;
using System.Text.Json;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Port;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Workflows;
using Xunit;

namespace KeypointPipeline.Local.Tests.Http;

/// <summary>Removing data from a whole host over HTTP. Its workflows wait, so nothing is ingested.</summary>
public sealed class RemovalEndpointTests(HttpHost host)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_file_is_erased_under_its_escaped_path()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        LocalHost local = await host.HostAsync(Cancel);
        await local.Storage.Blob(BlobLayout.Datasets, "erase me/ü & more.csv").UploadAsync(BinaryData.FromString("x"), Cancel);
        string query = "path=" + Uri.EscapeDataString("erase me/ü & more.csv");

        JsonElement preview = await DeleteAsync(http, $"/api/datasets?{query}&erase=true&preview=true");
        Assert.True(preview.GetProperty("preview").GetBoolean());
        Assert.True(await local.Storage.Blob(BlobLayout.Datasets, "erase me/ü & more.csv").ExistsAsync(Cancel));

        JsonElement removal = await DeleteAsync(http, $"/api/datasets?{query}&erase=true");
        Assert.NotEmpty(removal.GetProperty("remains").EnumerateArray());
        Assert.False(await local.Storage.Blob(BlobLayout.Datasets, "erase me/ü & more.csv").ExistsAsync(Cancel));
        JsonElement list = await (await http.GetAsync("/api/datasets", Cancel)).ReadJsonAsync(Cancel);
        JsonElement path = list.GetProperty("paths").EnumerateArray().Single(info => info.GetProperty("path").GetString() == "erase me/ü & more.csv");
        Assert.Equal("erased", path.GetProperty("withdrawn").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_batch_is_removed_and_its_running_instance_is_terminated()
    {
        using HttpClient http = await host.ClientAsync(Cancel);
        LocalHost local = await host.HostAsync(Cancel);
        var zip = await local.Storage.Blob(BlobLayout.Images, "remove me.zip").UploadAsync(BinaryData.FromString("x"), Cancel);
        string id = InstanceIds.Batch("remove me", zip.Value.ETag.ToString());
        await Eventually.TrueAsync(async () => await local.Workflows.GetAsync(id, Cancel) is { RuntimeStatus: WorkflowRuntimeStatus.Running });

        JsonElement removal = await DeleteAsync(http, "/api/batches/remove%20me");

        Assert.Equal([id], removal.GetProperty("stoppedInstances").EnumerateArray().Select(instance => instance.GetString()));
        Assert.Equal(1, removal.GetProperty("images").GetInt32());
        await Eventually.TrueAsync(async () => (await local.Workflows.GetAsync(id, Cancel))!.RuntimeStatus == WorkflowRuntimeStatus.Terminated);
    }

    [Theory]
    [InlineData("/api/datasets", 400, "path=PATH")]
    [InlineData("/api/datasets?path=never.csv", 404, "GET /api/datasets")]
    [InlineData("/api/batches/nobody%20at%20all", 404, "nobody at all")]
    public async Task What_cannot_be_removed_is_a_problem_with_the_next_step(string address, int status, string detail)
    {
        using HttpClient http = await host.ClientAsync(Cancel);

        using HttpResponseMessage response = await http.DeleteAsync(address, Cancel);

        await response.AssertProblemAsync(status, detail, Cancel);
    }

    private static async Task<JsonElement> DeleteAsync(HttpClient http, string address)
    {
        using HttpResponseMessage response = await http.DeleteAsync(address, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadJsonAsync(Cancel);
    }
}
