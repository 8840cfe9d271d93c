using System.Runtime.InteropServices;
using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Splits;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets;

public sealed class ImageKeyTests(AzuriteFixture azurite)
{
    /// <summary>Two rows of one picture, one with a group; a white picture with and without a group; a picture of its own.</summary>
    private const string Csv =
        "nose_x,nose_y,group,Image\n"
        + "1,1,,1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8\n"
        + "2,2,ann,1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8\n"
        + "3,3,ann,9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9\n"
        + "4,4,,9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9\n"
        + "5,5,,8 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_writes_a_key_for_each_picture_and_none_for_pictures_without_contrast()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Csv);

        DatasetKeys keys = DatasetKeys.Read(prepared.Dataset);

        Assert.Equal(keys.ImageKeys[0], keys.ImageKeys[1]);
        Assert.Equal([0, 0], new[] { keys.ImageKeys[2], keys.ImageKeys[3] });
        Assert.NotEqual(keys.ImageKeys[0], keys.ImageKeys[4]);
        Assert.Equal([false, true, true, false, false], keys.GroupKeys.Select(key => key != 0));
        Assert.Equal(keys.GroupKeys[1], keys.GroupKeys[2]);
        Assert.Equal(MemoryMarshal.AsBytes(keys.ImageKeys.ToArray().AsSpan()).ToArray(), await File.ReadAllBytesAsync(Path.Combine(prepared.Folder, PreparedDatasetFiles.ImageKeys), Cancel));
    }

    [Fact]
    public async Task A_folder_of_an_earlier_version_has_the_same_keys()
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Csv);
        DatasetKeys written = DatasetKeys.Read(prepared.Dataset);
        File.Delete(Path.Combine(prepared.Folder, PreparedDatasetFiles.ImageKeys));
        using PreparedDataset old = PreparedDataset.Open(prepared.Folder);

        DatasetKeys computed = DatasetKeys.Read(old);

        Assert.Equal(written.ImageKeys, computed.ImageKeys);
        Assert.Equal(written.GroupKeys, computed.GroupKeys);
    }

    [Fact]
    public async Task A_storage_of_an_earlier_version_gets_its_keys_when_they_are_first_read()
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        var store = new PreparedDatasetStore(storage);
        using PreparedForTest prepared = await PreparedForTest.FromAsync(Csv);
        DatasetManifest manifest = prepared.Outcome.Manifest!;
        await StoredForTest.AsEarlierAsync(storage, prepared.Dataset, prepared.Folder);
        string blob = $"{manifest.DatasetId}/{PreparedDatasetFiles.ImageKeys}";
        await storage.Blob(BlobLayout.Prepared, blob).DeleteAsync(cancellationToken: Cancel);

        (ulong[] splitKeys, ulong[] imageKeys) = await store.ReadKeysAsync(manifest, Cancel);

        DatasetKeys written = DatasetKeys.Read(prepared.Dataset);
        Assert.Equal(written.SplitKeys, splitKeys);
        Assert.Equal(written.ImageKeys, imageKeys);
        Assert.True(await storage.Blob(BlobLayout.Prepared, blob).ExistsAsync(Cancel));
        Assert.Equal(imageKeys, (await store.ReadKeysAsync(manifest, Cancel)).ImageKeys);
    }
}
