using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Erasure;
using KeypointPipeline.Formats;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

/// <summary>The rows of a group in a prepared dataset, in pieces and as an earlier version stored it.</summary>
public sealed class GroupRemovalTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Rows = 40;
    private static readonly HashSet<ulong> Anna = [GroupKey.Of("anna")!.Value];
    private static readonly string Csv = string.Join(
        '\n',
        ["group,nose_x,nose_y,Image", .. Enumerable.Range(0, Rows).Select(row => $"{(row % 4 == 0 ? "anna" : "ben")},{SmallTable.Row(row)}")]) + "\n";

    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData(64)]
    [InlineData(450)]
    public async Task A_dataset_is_written_again_without_the_rows_wherever_its_pieces_end(int? pieceBytes)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Csv);
        using PreparedForTest expected = await PreparedForTest.FromAsync(Csv, new DatasetOptions { ErasedGroups = Anna });
        string id = prepared.Dataset.Manifest.DatasetId;
        await (pieceBytes is int bytes
            ? StoredForTest.InPiecesAsync(_storage, prepared.Dataset, bytes)
            : StoredForTest.AsEarlierAsync(_storage, prepared.Dataset, prepared.Folder));
        var store = new PreparedDatasetStore(_storage) { PieceBytes = pieceBytes ?? 500 };
        var removal = new GroupRemoval(_storage, store, TimeProvider.System);

        Assert.Equal(Rows / 4, await removal.CountAsync(id, Anna, Cancel));
        DatasetManifest next = (await removal.WriteWithoutAsync(id, Anna, Cancel))!;

        DatasetManifest wanted = expected.Dataset.Manifest;
        Assert.Equal((wanted.DatasetId, wanted.Rows, wanted.CompleteRows), (next.DatasetId, next.Rows, next.CompleteRows));
        Assert.Equal(wanted.Labels, next.Labels);
        Assert.Equal(0, await removal.CountAsync(next.DatasetId, Anna, Cancel));
        using TemporaryFolder folder = TestFolder.Create("removed");
        string joined = await store.DownloadAsync(next.DatasetId, folder.Path, Cancel);
        foreach (string file in (string[])[PreparedDatasetFiles.Images, PreparedDatasetFiles.Keypoints, PreparedDatasetFiles.Rows, PreparedDatasetFiles.SplitKeys])
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(expected.Folder, file), Cancel), await File.ReadAllBytesAsync(Path.Combine(joined, file), Cancel));
        }

        Assert.Empty(await _storage.ListAsync(BlobLayout.Prepared, BlobLayout.PreparedIncoming, Cancel).ToArrayAsync(Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_that_an_interrupted_deletion_left_are_counted(bool inPieces)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Csv);
        string id = prepared.Dataset.Manifest.DatasetId;
        await (inPieces
            ? StoredForTest.InPiecesAsync(_storage, prepared.Dataset, pieceBytes: 100)
            : StoredForTest.AsEarlierAsync(_storage, prepared.Dataset, prepared.Folder));
        await _storage.Blob(BlobLayout.Prepared, $"{id}/{PreparedDatasetFiles.Manifest}").DeleteAsync(cancellationToken: Cancel);

        int left = await new GroupRemoval(_storage, new PreparedDatasetStore(_storage), TimeProvider.System).CountAsync(id, Anna, Cancel);

        Assert.Equal(Rows / 4, left);
    }

    public async ValueTask InitializeAsync() => _storage = (await azurite.NewStorageAsync(Cancel)).Storage;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
