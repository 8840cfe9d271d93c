using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class ListDatasetsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rejected_files_are_listed_by_the_path_they_were_dropped_under()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        await storage.Blob(BlobLayout.Rejected, "sub/bad.csv").UploadAsync(BinaryData.FromString("x"), Cancel);
        await storage.Blob(BlobLayout.Rejected, "sub/bad.csv.reason.json").UploadAsync(BinaryData.FromString("{}"), Cancel);

        var list = (DatasetList)(await new ListDatasets(storage, new PreparedDatasetStore(storage)).CallAsync(Cancel)).Body;

        Assert.Empty(list.Datasets);
        Assert.Equal(["sub/bad.csv"], list.Rejected);
    }
}
