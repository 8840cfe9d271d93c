using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Opening;

public sealed class DroppedSetTests : IDisposable
{
    private static readonly byte[] Picture = [0x89, (byte)'P', (byte)'N', (byte)'G'];
    private readonly TemporaryFolder _folder = TestFolder.Create("dropped sets");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("notes.csv", "file,remark\n0.png,good\n", null)]
    [InlineData("via.csv", "filename,region_shape_attributes\n0.png,{}\n", "via.csv looks like an export of the VGG Image Annotator (VIA), but no keypoints are found in it.")]
    [InlineData("elsewhere.csv", "image,nose_x,nose_y\n9.png,1,2\n", "elsewhere.csv names no picture of set.zip; the first is '9.png'.")]
    [InlineData("empty.csv", "", null)]
    public async Task Pictures_with_a_table_that_is_not_read_are_pictures_and_known_labels_are_named(string name, string table, string? note)
    {
        DroppedSet zip = await ReadZipAsync((name, Packing.Utf8(table)), ("0.png", Picture), ("1.png", Picture));

        Assert.False(zip.IsLabelled);
        Assert.Empty(zip.Files);
        if (note is null)
            Assert.Null(zip.Note);
        else
            Assert.Contains(note, zip.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labels.csv", "name,left_eye_x,left_eye_y\n0.png,1,2\n")]
    [InlineData("CollectedData_a.csv", "scorer,a,a\nbodyparts,nose,nose\ncoords,x,y\n0.png,1,2\n")]
    [InlineData("points.csv", ",0,1,2,3\n0.png,1,2,3,4\n")]
    public async Task Labels_that_name_pictures_of_the_set_are_trained_on_with_these_pictures_alone(string name, string table)
    {
        DroppedSet zip = await ReadZipAsync((name, Packing.Utf8(table)), ("0.png", Picture), ("1.png", Picture));

        Assert.True(zip.IsLabelled);
        Assert.False(zip.StartsByItself);
        Assert.Equal([name, "0.png"], zip.Files.Select(file => file.Path));
        Assert.Equal("1 pictures that no label names.", zip.Note);
    }

    [Fact]
    public async Task Photos_beside_results_that_nobody_changed_are_pictures_and_corrected_results_are_labels()
    {
        string results = $"image,status,width,height,nose_x,nose_y,origin,checksum\n0.png,ok,8,8,1,2,m-1,{PredictionChecksum.Of([1f, 2f])}\n";

        DroppedSet photos = await ReadZipAsync(("keypoints.csv", Packing.Utf8(results)), ("0.png", Picture));
        DroppedSet corrected = await ReadZipAsync(("keypoints.csv", Packing.Utf8(results.Replace("8,8,1,2", "8,8,1,3", StringComparison.Ordinal))), ("0.png", Picture));

        Assert.False(photos.IsLabelled);
        Assert.StartsWith("keypoints.csv holds only predictions that nobody changed.", photos.Note, StringComparison.Ordinal);
        Assert.True(corrected.IsLabelled);
    }

    [Fact]
    public async Task A_table_with_labels_and_pixels_among_pictures_is_trained_on()
    {
        DroppedSet zip = await ReadZipAsync(("a/labels.csv", Packing.Utf8(SmallTable.With(5))), ("a/keypoints.json", Packing.Utf8("{}")), ("0.png", Picture));

        Assert.True(zip.IsLabelled);
        Assert.Equal(["a/labels.csv", "a/keypoints.json"], zip.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task A_zip_with_one_table_and_nothing_else_is_labelled_whatever_the_table_holds() =>
        Assert.True((await ReadZipAsync(("a.csv", Packing.Utf8("a,b\n1,2\n")))).IsLabelled);

    [Fact]
    public async Task What_holds_neither_labels_nor_pictures_is_refused_with_what_it_holds()
    {
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ReadZipAsync(("a.csv", Packing.Utf8("a,b\n1,2\n")), ("b.json", Packing.Utf8("{}"))));
        var empty = await Assert.ThrowsAsync<InvalidDataException>(() => ReadZipAsync());

        Assert.Contains("set.zip holds no pictures and no labels that are read. It holds a.csv, b.json.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("set.zip is empty", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_zip_is_refused()
    {
        await File.WriteAllBytesAsync(_folder.File("set.zip"), Packing.Zip(("a.png", Picture))[..40], Cancel);

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => DroppedSet.ReadLocalAsync(_folder.File("set.zip"), Cancel));

        Assert.Contains("set.zip is cut short", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<DroppedSet> ReadZipAsync(params (string Name, byte[] Content)[] files)
    {
        await File.WriteAllBytesAsync(_folder.File("set.zip"), Packing.Zip(files), Cancel);
        return await DroppedSet.ReadLocalAsync(_folder.File("set.zip"), Cancel);
    }
}
