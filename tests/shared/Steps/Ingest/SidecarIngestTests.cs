using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Ingest;

/// <summary>Sidecars beside dropped files in storage.</summary>
public sealed class SidecarIngestTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_blob_beside_the_file_states_its_mirror_pairs_and_changing_it_prepares_the_set_again()
    {
        await using DroppedDatasets drops = await DroppedDatasets.StartAsync(azurite);
        string etag = await drops.DropAsync("sub/a.csv", Csv());
        PrepareDatasetOutput unstated = await drops.IngestAsync("sub/a.csv", etag);
        await drops.DropAsync("sub/a.csv.keypoints.json", """{"mirror": [["1", "2"]]}""");

        PrepareDatasetOutput stated = await drops.IngestAsync("sub/a.csv", etag);

        Assert.Equal("no mirror pairs are known: nothing is mirrored", unstated.Mirror);
        Assert.Equal("1 mirror pair as stated", stated.Mirror);
        Assert.NotEqual(unstated.DatasetId, stated.DatasetId);
        Assert.Equal([1, 0], (await drops.Prepared.FindAsync(stated.DatasetId!, Cancel))!.Schema.MirrorMap);
        var report = await drops.Storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{stated.DatasetId}.json", Cancel);
        Assert.Equal("1 mirror pair as stated: 1:2", report!.Value.MirrorNote);
    }

    [Fact]
    public async Task A_wrong_sidecar_refuses_the_file_with_the_reason()
    {
        await using DroppedDatasets drops = await DroppedDatasets.StartAsync(azurite);
        await drops.DropAsync("a.csv.keypoints.json", """{"mirror": [["1", "nose"]]}""");

        PrepareDatasetOutput refused = await drops.IngestAsync("a.csv", await drops.DropAsync("a.csv", Csv()));

        Assert.Null(refused.DatasetId);
        Assert.Equal("a.csv.keypoints.json, member mirror: 'nose' is not a keypoint. The keypoints are 1, 2.", refused.Reason);
        Assert.NotNull(await drops.Storage.FindETagAsync(BlobLayout.Rejected, "a.csv.reason.json", Cancel));
    }

    [Fact]
    public async Task A_sidecar_that_is_replaced_while_it_counts_is_left_to_the_newer_event()
    {
        await using ReplacedInput input = await ReplacedInput.StartAsync(azurite);
        string etag = await input.UploadAsync(BlobLayout.Datasets, "a.csv", Packing.Utf8(Csv()));
        await input.UploadAsync(BlobLayout.Datasets, "a.csv.keypoints.json", Packing.Utf8("""{"mirror": "none"}"""));
        input.ReplaceBefore("HEAD", 2, BlobLayout.Datasets, "a.csv.keypoints.json", Packing.Utf8("""{"mirror": [["1", "2"]]}"""));
        await using ServiceProvider services = input.OpenServices();

        PrepareDatasetOutput output = await services.GetRequiredService<PrepareDataset>().RunAsync(new PrepareDatasetInput("a.csv", etag), Cancel);

        Assert.Null(output.DatasetId);
        Assert.Contains("a.csv.keypoints.json was replaced", output.Reason, StringComparison.Ordinal);
        Assert.Empty(await input.NamesAsync(BlobLayout.Prepared));
    }

    [Fact]
    public async Task A_set_of_an_earlier_version_gets_the_pairs_that_this_version_finds_in_the_same_content()
    {
        using DroppedDatasets drops = await DroppedDatasets.StartAsync(azurite);
        string header = string.Join(',', Enumerable.Range(0, 5).Select(i => $"{i}_x,{i}_y")) + ",Image";
        string csv = string.Join('\n', [header, .. Enumerable.Range(0, 30).Select(i => $"2,2,6,2,4,4,3,6,5,6,{SmallTable.Image(i)}")]) + "\n";
        string id = await drops.AcceptAsync("a.csv", csv);
        DatasetManifest manifest = (await drops.Prepared.FindAsync(id, Cancel))!;
        await drops.Storage.WriteAsync(
            BlobLayout.Prepared, $"{id}/{PreparedDatasetFiles.Manifest}", manifest with { Schema = manifest.Schema.WithMirror(MirrorPairs.None) }, Cancel);

        Assert.Equal(id, await drops.AcceptAsync("a.csv", csv));

        Assert.Equal([1, 0, 2, 4, 3], (await drops.Prepared.FindAsync(id, Cancel))!.Schema.MirrorMap);
    }

    private static string Csv() => string.Join(
        '\n', ["1_x,1_y,2_x,2_y,Image", .. Enumerable.Range(0, 12).Select(i => $"1,2,3,4,{SmallTable.Image(i)}")]) + "\n";
}
