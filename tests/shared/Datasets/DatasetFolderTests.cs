using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Erasure;
using KeypointPipeline.Formats;
using KeypointPipeline.Shared.Tests.Api.Endpoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

/// <summary>Folders of blobs as datasets: <c>datasets/faces/…</c> with its marker.</summary>
public sealed class DatasetFolderTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Rows = 20;
    private const string Path = "faces/";
    private const string Marker = "faces/_READY";
    private readonly StartRecorder _workflows = new();
    private DroppedDatasets _dropped = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_with_its_marker_is_the_dataset_that_the_same_files_are_in_a_zip()
    {
        string zipped = await _dropped.AcceptAsync("faces.zip", Packing.Zip(("face_images.npz", Npz(Rows)), ("facial_keypoints.csv", Labels(Rows))));

        string id = await AcceptFolderAsync(Rows);

        Assert.Equal(zipped, id);
        Assert.Equal([$"faces.zip={id}", $"{Path}={id}"], await _dropped.InForceAsync());
        Assert.Equal([null, null], (await ListAsync()).Paths!.Select(info => info.Note));
    }

    [Fact]
    public async Task The_marker_stands_for_the_folder_when_it_is_deleted_restored_or_written_again()
    {
        string first = await AcceptFolderAsync(Rows);
        await _dropped.DeleteAsync(Marker);
        Assert.Empty(await _dropped.InForceAsync());
        Assert.Equal(WithdrawalReason.Deleted, (await _dropped.Paths.FindAsync(Path, Cancel))!.Withdrawn!.Reason);

        string second = await AcceptFolderAsync(Rows + 1);

        Assert.NotEqual(first, second);
        Assert.Equal([$"{Path}={second}"], await _dropped.InForceAsync());
        Assert.Equal([first], (await _dropped.Paths.FindAsync(Path, Cancel))!.Earlier!.Select(earlier => earlier.DatasetId));
    }

    [Fact]
    public async Task A_marker_that_lists_files_leaves_out_those_of_earlier_drops()
    {
        string id = await AcceptFolderAsync(Rows);
        await _dropped.DropAsync("faces/older.npz", Npz(Rows));
        await _dropped.DropAsync("faces/older.csv", Labels(Rows));

        PrepareDatasetOutput listed = await _dropped.IngestAsync(Path, await _dropped.DropAsync(Marker, "face_images.npz\nfacial_keypoints.csv\n"));
        PrepareDatasetOutput missing = await _dropped.IngestAsync(Path, await _dropped.DropAsync(Marker, "gone.npz\nfacial_keypoints.csv\n"));
        PrepareDatasetOutput noText = await _dropped.IngestAsync(Path, await _dropped.DropAsync(Marker, [(byte)'a', 0xFF]));

        Assert.Equal(id, listed.DatasetId);
        Assert.Contains("gone.npz in faces cannot be read. The file is not in storage", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("datasets/faces/_READY is no text in UTF-8.", noText.Reason, StringComparison.Ordinal);
        Assert.Equal([$"{Path}={id}"], await _dropped.InForceAsync());
    }

    [Fact]
    public async Task Withdrawing_keeps_the_files_and_erasing_deletes_all_of_them_and_every_copy()
    {
        await AcceptFolderAsync(Rows);
        string other = await _dropped.AcceptAsync("faces.csv", SmallTable.With(Rows));

        DatasetRemoval withdrawn = await RemoveAsync($"path={Path}");
        Assert.Equal([$"faces.csv={other}"], await _dropped.InForceAsync());
        Assert.Contains("the dropped folder datasets/faces/", withdrawn.Remains.Select(copy => copy.What));
        Assert.Contains("faces/face_images.npz", await _dropped.NamesAsync(BlobLayout.Datasets));

        await RemoveAsync($"path={Path}&erase=true");
        Assert.Equal(["faces.csv"], await _dropped.NamesAsync(BlobLayout.Datasets));
        Assert.All(await _dropped.NamesAsync(BlobLayout.Prepared), name => Assert.StartsWith(other, name, StringComparison.Ordinal));
        Assert.Equal([$"{other}.json"], await _dropped.NamesAsync(BlobLayout.Reports));

        // Again, as after a failure on the way.
        await _dropped.DropAsync("faces/left.png", "x");
        await RemoveAsync($"path={Path}&erase=true");
        Assert.Equal(["faces.csv"], await _dropped.NamesAsync(BlobLayout.Datasets));
    }

    [Fact]
    public async Task Erasing_a_folder_keeps_a_dataset_of_its_own_in_it_and_says_so()
    {
        string own = await _dropped.AcceptAsync("faces/own.csv", SmallTable.With(Rows));
        await _dropped.DropAsync("faces/own.csv.keypoints.json", "{}");
        await _dropped.DropAsync(Marker, "");
        await _dropped.IngestAsync(Path, (await _dropped.Storage.FindETagAsync(BlobLayout.Datasets, Marker, Cancel)).ToString()!);

        DatasetRemoval removal = await RemoveAsync($"path={Path}&erase=true");

        Assert.Equal(["faces/own.csv", "faces/own.csv.keypoints.json"], await _dropped.NamesAsync(BlobLayout.Datasets));
        Assert.Equal([$"faces/own.csv={own}"], await _dropped.InForceAsync());
        Assert.Contains("datasets/faces/own.csv is a dataset of its own in this folder. Its file stays; erase that path too.", removal.Notes);
    }

    [Fact]
    public async Task Erasing_a_folder_that_was_dropped_again_meanwhile_keeps_the_newer_files()
    {
        await AcceptFolderAsync(Rows);
        DatasetPathState withdrawn = (await _dropped.Paths.WithdrawAsync(Path, WithdrawalReason.Erased, Cancel))!;
        await _dropped.DropAsync(Marker, "");

        ErasedCopies erased = await _dropped.Get<DatasetErasure>().EraseAsync(withdrawn, Cancel);

        Assert.True(erased.NewerFile);
        Assert.Equal([Marker, "faces/face_images.npz", "faces/facial_keypoints.csv"], await _dropped.NamesAsync(BlobLayout.Datasets));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_rejected_with_a_report_until_it_is_dropped_well()
    {
        await _dropped.DropAsync("faces/face_images.npz", Npz(Rows - 1));
        await _dropped.DropAsync("faces/facial_keypoints.csv", Labels(Rows));

        PrepareDatasetOutput output = await _dropped.IngestAsync(Path, await _dropped.DropAsync(Marker, ""));

        Assert.Contains("facial_keypoints.csv has 20 rows, but face_images.npz holds 19 images", output.Reason, StringComparison.Ordinal);
        Assert.Equal(["faces/.reason.json"], await _dropped.NamesAsync(BlobLayout.Rejected));
        Assert.Equal(output.Reason, (await _dropped.Storage.ReadAsync<DatasetReport>(BlobLayout.Rejected, "faces/.reason.json", Cancel))!.Value.Rejection);
        Assert.Equal([Path], (await ListAsync()).Rejected);

        await AcceptFolderAsync(Rows);
        Assert.Empty((await ListAsync()).Rejected);
        await RemoveAsync($"path={Path}&erase=true");
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Rejected));
    }

    [Theory]
    [InlineData("faces/facial_keypoints.csv", "nose_x,nose_y\n1,2\n")]
    [InlineData("faces/a/labels.csv", "image,nose_x,nose_y\n0.png,1,2\n")]
    [InlineData("faces/IdLookupTable.csv", "RowId,ImageId,FeatureName,Location\n1,1,nose_x,\n")]
    public async Task A_table_in_a_folder_that_needs_other_files_waits_for_the_marker_and_is_not_rejected(string path, string table)
    {
        PrepareDatasetOutput output = await _dropped.IngestAsync(path, await _dropped.DropAsync(path, table));

        Assert.True(output.Waits);
        Assert.Null(output.DatasetId);
        Assert.StartsWith($"{path} waits for {path[..path.LastIndexOf('/')]}/_READY", output.Reason, StringComparison.Ordinal);
        Assert.Empty(await _dropped.NamesAsync(BlobLayout.Rejected));
    }

    [Theory]
    [InlineData("labels.csv", "nose_x,nose_y\n1,2\n")]
    [InlineData("faces/notes.csv", "file,remark\n0.png,good\n")]
    public async Task Other_tables_without_pixels_are_rejected_as_before(string path, string table)
    {
        PrepareDatasetOutput output = await _dropped.IngestAsync(path, await _dropped.DropAsync(path, table));

        Assert.False(output.Waits);
        Assert.Equal([path, $"{path}.reason.json"], await _dropped.NamesAsync(BlobLayout.Rejected));
    }

    public async ValueTask InitializeAsync() => _dropped = await DroppedDatasets.StartAsync(azurite);

    public ValueTask DisposeAsync() => _dropped.DisposeAsync();

    private static byte[] Npz(int rows) => Packing.Zip(
        ("face_images.npy", NumPyFiles.Array(NumPyFiles.ImagesLast(NumPyFiles.Draw(rows, SmallTable.Pixels)), $"8, 8, {rows}")));

    private static byte[] Labels(int rows) =>
        Packing.Utf8(string.Join('\n', ["nose_x,nose_y", .. Enumerable.Range(0, rows).Select(row => $"{row % 8},{(row + 3) % 8}"), ""]));

    private async Task<string> AcceptFolderAsync(int rows)
    {
        await _dropped.DropAsync("faces/face_images.npz", Npz(rows));
        await _dropped.DropAsync("faces/facial_keypoints.csv", Labels(rows));
        PrepareDatasetOutput output = await _dropped.IngestAsync(Path, await _dropped.DropAsync(Marker, ""));
        return output.DatasetId ?? throw new InvalidOperationException(output.Reason);
    }

    private async Task<DatasetList> ListAsync() => (DatasetList)(await _dropped.Get<ListDatasets>().CallAsync(Cancel)).Body;

    private async Task<DatasetRemoval> RemoveAsync(string query) =>
        (DatasetRemoval)(await _dropped.Get<RemoveDataset>().CallAsync(query, _workflows, Cancel)).Body;
}
