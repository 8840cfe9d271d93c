using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Formats;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Api.Endpoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

/// <summary>Erasing the rows of one group from a dataset whose pictures are files.</summary>
public sealed class PictureGroupErasureTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly string[] RowFiles =
    [
        PreparedDatasetFiles.Images, PreparedDatasetFiles.Keypoints, PreparedDatasetFiles.Rows, PreparedDatasetFiles.SplitKeys,
        PreparedDatasetFiles.ImageKeys, PreparedDatasetFiles.States, PreparedDatasetFiles.Places,
    ];

    private readonly StartRecorder _workflows = new();
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two instances of each of six pictures, of two people in turn.</summary>
    private static (string Name, byte[] Content)[] Files =>
    [
        ("labels.csv", Packing.Utf8("image,nose_x,nose_y,eye_x,eye_y,box_x,box_y,box_width,box_height,group\n" + string.Concat(Enumerable.Range(0, 6).Select(i =>
            $"{i}.png,{20 + i},20,{24 + i},,10,10,{20 + i},20,{Group(i)}\n{i}.png,{60 + i},20,{64 + i},24,50,10,{20 + i},20,{Group(i)}\n")))),
        .. Enumerable.Range(0, 6).Select(i => ($"{i}.png", TestImages.Encode(100, 50, TestImages.Spot(20 + i, 20, sigma: 4), SKEncodedImageFormat.Png))),
    ];

    [Fact]
    public async Task Rows_states_places_and_lines_of_pictures_of_the_group_are_removed()
    {
        string old = await AcceptAsync();
        Assert.Equal(12, (await _dropped.Prepared.GetAsync(old, Cancel)).Rows);

        RemovedDataset removed = Assert.Single((await RemoveAsync("path=set/&group=anna")).Datasets);

        string next = removed.NewDatasetId!;
        Assert.Equal(("set/", old, 6, true), (removed.Path, removed.DatasetId, removed.Rows, removed.InForce));
        Assert.All(await _dropped.NamesAsync(BlobLayout.Prepared), name => Assert.StartsWith(next, name, StringComparison.Ordinal));
        Assert.Equal([$"set/={next}"], await _dropped.InForceAsync());

        // What is left is what the same folder gives if the group's rows are left out.
        using TemporaryFolder folder = TestFolder.Create("expected");
        PreparationOutcome expected = await PreparedForTest.PrepareAsync(
            new MemoryFileSet(Files), folder.Path, Cancel, new DatasetOptions { ErasedGroups = new HashSet<ulong> { GroupKey.Of("anna")!.Value } });
        Assert.Equal(expected.Manifest!.DatasetId, next);
        DatasetManifest manifest = await _dropped.Prepared.GetAsync(next, Cancel);
        foreach (string file in RowFiles)
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(folder.File(file), Cancel), await ContentAsync($"{next}/{Assert.Single(DatasetPiece.Of(manifest, file)).Blob}"));
        }

        Assert.Equal(await File.ReadAllBytesAsync(folder.File(PreparedDatasetFiles.Pictures), Cancel), await ContentAsync($"{next}/{PreparedDatasetFiles.Pictures}"));
        Assert.Equal((expected.Manifest.Framing!.Kind, expected.Manifest.CompleteRows), (manifest.Framing!.Kind, manifest.CompleteRows));
        List<RowPicture> pictures = await _dropped.Prepared.ReadPicturesAsync(manifest, Cancel).ToListAsync(Cancel);
        Assert.Equal(["1.png", "1.png", "3.png", "3.png", "5.png", "5.png"], pictures.Select(picture => picture.Picture));
        Assert.Equal(Enumerable.Range(0, 6), pictures.Select(picture => picture.Row));
    }

    [Fact]
    public async Task A_later_ingest_leaves_the_group_out()
    {
        await AcceptAsync();
        string next = Assert.Single((await RemoveAsync("path=set/&group=anna")).Datasets).NewDatasetId!;

        Assert.Equal(next, await AcceptAsync());

        DatasetReport report = (await _dropped.Storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{next}.json", Cancel))!.Value;
        Assert.Equal((12L, 6, 6L), (report.RowsIn, report.RowsAccepted, report.Erased));
        Assert.Contains("Rows left out because their group was erased: 6.", report.Warnings);
        Assert.DoesNotContain("0.png", System.Text.Encoding.UTF8.GetString(await ContentAsync($"{next}/{PreparedDatasetFiles.Pictures}")), StringComparison.Ordinal);
        Assert.DoesNotContain("anna", PipelineJson.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_with_every_row_withdraws_the_folder()
    {
        await AcceptAsync();
        await RemoveAsync("path=set/&group=anna");

        await RemoveAsync("path=set/&group=ben");

        Assert.Empty(await _dropped.InForceAsync());
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Prepared));
    }

    [Fact]
    public async Task Erasing_the_folder_deletes_labels_pictures_and_every_copy()
    {
        await AcceptAsync();

        await RemoveAsync("path=set/&erase=true");

        foreach (string container in (string[])[BlobLayout.Datasets, BlobLayout.Prepared, BlobLayout.Reports])
            Assert.Empty(await _dropped.NamesAsync(container));
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private static string Group(int picture) => picture % 2 == 0 ? "anna" : "ben";

    private async Task<string> AcceptAsync()
    {
        foreach ((string name, byte[] content) in Files)
            await _dropped.DropAsync($"set/{name}", content);
        var output = await _dropped.IngestAsync("set/", await _dropped.DropAsync("set/_READY", ""));
        return output.DatasetId ?? throw new InvalidOperationException(output.Reason);
    }

    private async Task<DatasetRemoval> RemoveAsync(string query) =>
        (DatasetRemoval)(await _dropped.Get<RemoveDataset>().CallAsync(query, _workflows, Cancel)).Body;

    private async Task<byte[]> ContentAsync(string blob) =>
        (await _dropped.Storage.FindContentAsync(BlobLayout.Prepared, blob, Cancel))!.Content.ToArray();
}
