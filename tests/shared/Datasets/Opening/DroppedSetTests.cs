using KeypointPipeline.Datasets.Opening;
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
    [InlineData("keypoints.csv", "image,nose_x,nose_y\n0.png,1,2\n", "keypoints.csv is a table of points that names its pictures as files. It is not read yet.")]
    [InlineData("labels.csv", "name,left_eye_x,left_eye_y\n0.png,1,2\n", "labels.csv is a table of points that names its pictures as files. It is not read yet.")]
    [InlineData("CollectedData_a.csv", "scorer,a,a\nbodyparts,nose,nose\ncoords,x,y\n0.png,1,2\n", "CollectedData_a.csv is a DeepLabCut table with three header rows (scorer, bodyparts, coords). It is not read yet.")]
    [InlineData("via.csv", "filename,region_shape_attributes\n0.png,{}\n", "via.csv is an export of the VGG Image Annotator (VIA). It is not read yet.")]
    [InlineData("points.csv", ",0,1,2,3\n0.png,1,2,3,4\n1.png,1,2,3,4\n", "points.csv is a table of points that names its pictures as files. It is not read yet.")]
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
