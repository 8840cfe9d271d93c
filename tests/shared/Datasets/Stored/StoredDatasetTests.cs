using Azure.Storage.Blobs.Models;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Stored;
using KeypointPipeline.Evaluation;
using KeypointPipeline.Models;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Stored;

/// <summary>A prepared dataset in storage: written in pieces, and read from them or from the files of an earlier version.</summary>
public sealed class StoredDatasetTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Rows = 25;
    private TestStorage _account = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PipelineStorage Storage => _account.Storage;

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    [InlineData(Rows * 64)]
    [InlineData(DatasetPiece.LargestBytes)]
    public async Task Pieces_joined_are_the_files_of_a_folder(int pieceBytes)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(Rows));
        using TemporaryFolder folder = TestFolder.Create("joined");

        await StoredForTest.InPiecesAsync(Storage, prepared.Dataset, pieceBytes);

        BlobItem[] blobs = await ListAsync();
        Assert.All(blobs.Where(blob => blob.Name.Contains("images-", StringComparison.Ordinal)), blob =>
            Assert.InRange(blob.Properties.ContentLength!.Value, 64, Math.Max(64, pieceBytes)));
        var store = new PreparedDatasetStore(Storage);
        string joined = await store.DownloadAsync(prepared.Dataset.Manifest.DatasetId, folder.Path, Cancel);
        foreach (string file in PreparedDatasetFiles.Data.Except([PreparedDatasetFiles.ImageKeys]).Append(PreparedDatasetFiles.Manifest))
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(prepared.Folder, file), Cancel), await File.ReadAllBytesAsync(Path.Combine(joined, file), Cancel));
        }

        using PreparedDataset opened = PreparedDataset.Open(joined);
        Assert.Equal(prepared.Dataset.Image(Rows - 1), opened.Image(Rows - 1));
        (ulong[] splitKeys, ulong[] imageKeys) = await store.ReadKeysAsync((await store.FindAsync(opened.Manifest.DatasetId, Cancel))!, Cancel);
        DatasetKeys keys = DatasetKeys.Read(prepared.Dataset);
        Assert.Equal(keys.SplitKeys, splitKeys);
        Assert.Equal(keys.ImageKeys, imageKeys);
    }

    [Fact]
    public async Task A_file_prepared_into_storage_has_the_id_and_the_rows_that_it_has_in_a_folder()
    {
        // The mark for missing labels is only found once all rows were read, so the file is read twice.
        string csv = SmallTable.With(Rows, [.. Enumerable.Range(100, 12).Select(seed => $"-1,-1,{SmallTable.Image(seed)}")]);
        using PreparedForTest prepared = await PreparedForTest.FromAsync(csv);
        var store = new PreparedDatasetStore(Storage) { PieceBytes = 200 };

        await using (PreparedUpload upload = store.StartUpload())
        {
            PreparationOutcome outcome = await new DatasetPreparation(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(PreparedForTest.Now))
                .PrepareAsync(PreparedForTest.Source(Packing.Utf8(csv), "training.csv"), upload, new DatasetOptions(), progress: null, Cancel);
            Assert.Equal(PipelineJson.Write(prepared.Outcome), PipelineJson.Write(outcome));
            await upload.PublishAsync(Cancel);
        }

        StoredRows rows = store.OpenRows([await store.GetAsync(prepared.Dataset.Manifest.DatasetId, Cancel)]);
        for (int row = 0; row < prepared.Dataset.Rows; row++)
        {
            await rows.LoadAsync(dataset: 0, row, Cancel);
            Assert.Equal(prepared.Dataset.Image(row), rows.Datasets[0].Image(row));
            Assert.Equal(prepared.Dataset.Keypoints(row), rows.Datasets[0].Keypoints(row));
            Assert.Equal(prepared.Dataset.SourceRow(row), rows.Datasets[0].SourceRow(row));
        }

        Assert.All(await ListAsync(), blob => Assert.StartsWith($"{prepared.Dataset.Manifest.DatasetId}/", blob.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_refused_leaves_nothing_in_storage()
    {
        var store = new PreparedDatasetStore(Storage) { PieceBytes = 200 };

        await using (PreparedUpload upload = store.StartUpload())
        {
            PreparationOutcome outcome = await new DatasetPreparation(TimeProvider.System).PrepareAsync(
                PreparedForTest.Source(Packing.Utf8(SmallTable.With(Rows, [.. Enumerable.Repeat("x,y,1", Rows)])), "a.csv"),
                upload, new DatasetOptions(), progress: null, Cancel);
            Assert.False(outcome.Accepted);
            await Assert.ThrowsAsync<InvalidOperationException>(() => upload.PublishAsync(Cancel));
        }

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Publishing_that_is_killed_at_any_copy_publishes_nothing_and_can_be_done_again()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(Rows));
        string id = prepared.Dataset.Manifest.DatasetId;
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_account, Cancel);
        for (int copies = 0; copies < 12; copies += 3)
        {
            int left = copies;
            proxy.Plan = request => request.Method == "PUT" && request.Blob.StartsWith(id, StringComparison.Ordinal) && Interlocked.Decrement(ref left) < 0
                ? StorageFault.LostRequest
                : StorageFault.None;
            var store = new PreparedDatasetStore(proxy.Open(retries: 0)) { PieceBytes = 400 };
            await using (PreparedUpload upload = await StoredForTest.WriteAsync(store, prepared.Dataset))
                await Assert.ThrowsAnyAsync<Exception>(() => upload.PublishAsync(Cancel));

            Assert.Null(await store.FindAsync(id, Cancel));
            Assert.Empty(await store.ListAsync(Cancel));
        }

        await StoredForTest.InPiecesAsync(Storage, prepared.Dataset, pieceBytes: 400);
        using TemporaryFolder folder = TestFolder.Create("again");
        using PreparedDataset joined = PreparedDataset.Open(await new PreparedDatasetStore(Storage).DownloadAsync(id, folder.Path, Cancel));
        Assert.Equal(prepared.Dataset.Image(Rows - 1), joined.Image(Rows - 1));
    }

    [Fact]
    public async Task Publishing_again_changes_nothing()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(Rows));
        await StoredForTest.AsEarlierAsync(Storage, prepared.Dataset, prepared.Folder);
        string[] before = [.. (await ListAsync()).Select(blob => $"{blob.Name} {blob.Properties.ETag}")];

        await StoredForTest.InPiecesAsync(Storage, prepared.Dataset, pieceBytes: 400);

        Assert.Equal(before, (await ListAsync()).Select(blob => $"{blob.Name} {blob.Properties.ETag}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(64)]
    [InlineData(700)]
    public async Task A_model_has_the_same_figures_wherever_the_rows_are_stored(int? pieceBytes)
    {
        using PreparedForTest first = await PreparedForTest.FromAsync(SmallTable.With(300));
        using PreparedForTest second = await PreparedForTest.FromAsync(SmallTable.With(340).Replace("nose", "NOSE", StringComparison.Ordinal));
        PreparedForTest[] sets = [first, second];
        foreach (PreparedForTest set in sets)
        {
            await (pieceBytes is int bytes
                ? StoredForTest.InPiecesAsync(Storage, set.Dataset, bytes)
                : StoredForTest.AsEarlierAsync(Storage, set.Dataset, set.Folder));
        }

        PlannedRow[] planned = [.. Enumerable.Range(0, 640).Where(row => row % 3 != 1).Select(row => new PlannedRow(row / 300 == 0 ? 0 : 1, row < 300 ? row : row - 300, row))];
        using var model = KeypointModel.Open(TinyOnnxModel.Uncertain(first.Dataset.Manifest.Schema, [3, 4], [0.01f]), "tiny");
        var localErrors = new List<RowError>();
        EvaluationResult local = ModelEvaluator.Evaluate(model, [first.Dataset, second.Dataset], planned, compared: null, localErrors, Cancel);

        var store = new PreparedDatasetStore(Storage);
        StoredRows rows = store.OpenRows([await store.GetAsync(first.Dataset.Manifest.DatasetId, Cancel), await store.GetAsync(second.Dataset.Manifest.DatasetId, Cancel)]);
        var storedErrors = new List<RowError>();
        var evaluation = new ModelEvaluation(model, rows.Datasets, compared: null, storedErrors);
        foreach (PlannedRow row in planned)
        {
            await rows.LoadAsync(row.Dataset, row.Row, Cancel);
            evaluation.Add(row, Cancel);
        }

        Assert.Equal(PipelineJson.Write(local), PipelineJson.Write(evaluation.Finish(Cancel)));
        Assert.Equal(localErrors, storedErrors);
        Assert.Equal(planned.Length, storedErrors.Count);
    }

    [Fact]
    public async Task Rows_that_were_not_loaded_are_not_read()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(Rows));
        await StoredForTest.InPiecesAsync(Storage, prepared.Dataset, pieceBytes: 160);
        var store = new PreparedDatasetStore(Storage);
        StoredRows rows = store.OpenRows([await store.GetAsync(prepared.Dataset.Manifest.DatasetId, Cancel)]);
        await rows.LoadAsync(dataset: 0, row: 3, Cancel);

        Assert.Equal(64, rows.Datasets[0].Image(2).Length);
        Assert.Throws<InvalidOperationException>(() => rows.Datasets[0].Image(4).Length);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await rows.LoadAsync(dataset: 0, Rows, Cancel));
    }

    [Theory]
    [InlineData(null, PreparedDatasetFiles.Images, "1,600")]
    [InlineData(500, "images-00001.u8", "448")]
    public async Task A_blob_that_is_missing_or_of_another_size_is_named(int? pieceBytes, string blob, string expected)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(Rows));
        string id = prepared.Dataset.Manifest.DatasetId;
        await (pieceBytes is int bytes
            ? StoredForTest.InPiecesAsync(Storage, prepared.Dataset, bytes)
            : StoredForTest.AsEarlierAsync(Storage, prepared.Dataset, prepared.Folder));
        var store = new PreparedDatasetStore(Storage);
        using TemporaryFolder folder = TestFolder.Create("damaged");

        await Storage.Blob(BlobLayout.Prepared, $"{id}/{blob}").UploadAsync(BinaryData.FromBytes(new byte[10]), overwrite: true, Cancel);
        InvalidDataException size = await Assert.ThrowsAsync<InvalidDataException>(() => store.DownloadAsync(id, folder.Path, Cancel));
        await Storage.Blob(BlobLayout.Prepared, $"{id}/{blob}").DeleteAsync(cancellationToken: Cancel);
        FileNotFoundException missing = await Assert.ThrowsAsync<FileNotFoundException>(() => store.DownloadAsync(id, folder.Path, Cancel));

        Assert.Equal($"prepared/{id}/{blob} has 10 bytes; {expected} are expected. Drop training.csv again.", size.Message);
        Assert.Equal($"Prepared dataset '{id}' has no {blob} in storage. Drop training.csv again.", missing.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    public async ValueTask InitializeAsync() => _account = await azurite.NewStorageAsync(Cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<BlobItem[]> ListAsync() => await Storage.ListAsync(BlobLayout.Prepared, prefix: null, Cancel).ToArrayAsync(Cancel);
}
