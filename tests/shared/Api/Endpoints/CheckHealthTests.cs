using Azure.Storage.Blobs;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class CheckHealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_is_503_when_storage_does_not_answer()
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        var nowhere = new PipelineStorage(new BlobServiceClient(
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/a;", options));

        ApiAnswer answer = await new CheckHealth(new ModelRegistry(nowhere, TimeProvider.System), TimeProvider.System).CallAsync(Cancel);
        var health = (HealthReport)answer.Body;

        Assert.Equal((503, "unhealthy"), (answer.Status, health.Status));
        Assert.Contains("Storage does not answer", health.Detail, StringComparison.Ordinal);
    }
}
