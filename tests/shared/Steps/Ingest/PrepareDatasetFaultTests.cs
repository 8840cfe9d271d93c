using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Ingest;

/// <summary>The step that prepares datasets, with each of its requests disturbed in turn (<see cref="FaultSweep"/>).</summary>
public sealed class PrepareDatasetFaultTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_file_that_cannot_be_used_is_kept_whatever_request_fails()
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        string etag = await sweep.UploadAsync(BlobLayout.Datasets, "sub/bad.csv", Packing.Utf8("a,b\n1,2\n"));

        PrepareDatasetOutput refused = await sweep.RunAsync<PrepareDataset, PrepareDatasetInput, PrepareDatasetOutput>(
            new PrepareDatasetInput("sub/bad.csv", etag));

        Assert.Null(refused.DatasetId);
        Assert.Contains("Image", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_file_is_in_force_whatever_request_fails()
    {
        await using FaultSweep sweep = await FaultSweep.StartAsync(azurite);
        string etag = await sweep.UploadAsync(BlobLayout.Datasets, "a.csv", Packing.Utf8(SmallTable.With(20)));

        PrepareDatasetOutput accepted = await sweep.RunAsync<PrepareDataset, PrepareDatasetInput, PrepareDatasetOutput>(
            new PrepareDatasetInput("a.csv", etag));

        DatasetInForce inForce = Assert.Single(await new DatasetPaths(sweep.Storage, new PreparedDatasetStore(sweep.Storage), TimeProvider.System)
            .ListInForceAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("a.csv", accepted.DatasetId), (inForce.Path, inForce.DatasetId));
    }
}
