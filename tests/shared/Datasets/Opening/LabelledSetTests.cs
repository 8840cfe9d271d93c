using KeypointPipeline.Datasets;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Opening;

public sealed class LabelledSetTests : IDisposable
{
    private const int Rows = 12;
    private static readonly byte[][] Images = NumPyFiles.Draw(Rows, SmallTable.Pixels);
    private readonly TemporaryFolder _folder = TestFolder.Create("sets");
    private int _prepared;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The rows with their pixels in the table.</summary>
    private static byte[] Complete => Packing.Utf8(Table(row => $",{string.Join(' ', Images[row])}", ",Image"));

    private static byte[] Labels => Packing.Utf8(Table(_ => "", ""));

    [Fact]
    public async Task Kaggles_one_zip_gives_the_dataset_of_the_training_file_in_it_as_zip_and_as_folder()
    {
        string expected = await IdAsync("training.csv", Complete);
        (string, byte[])[] files =
        [
            ("IdLookupTable.csv", Packing.Utf8("RowId,ImageId,FeatureName,Location\n1,1,nose_x,\n")),
            ("SampleSubmission.csv", Packing.Utf8("RowId,Location\n1,0\n")),
            ("test.zip", Packing.Zip(("test.csv", Packing.Utf8($"ImageId,Image\n1,{SmallTable.Image(1)}\n")))),
            ("training.zip", Packing.Zip(("training.csv", Complete))),
        ];

        Assert.Equal(expected, await IdAsync("facial-keypoints-detection.zip", Packing.Zip(files)));
        Assert.Equal(expected, await IdAsync(files));
        Assert.Equal(expected, await IdAsync([.. files.Select(file => ($"facial keypoints/{file.Item1}", file.Item2))]));
        Assert.Equal(expected, await IdAsync([.. files[..3], ("training/training.csv", Complete)]));

        // Unpacked beside the zip: one table, twice.
        Assert.Equal(expected, await IdAsync([.. files, ("training/training.csv", Complete)]));
    }

    [Fact]
    public async Task Pictures_in_an_array_beside_the_table_give_the_dataset_of_the_same_pixels_in_the_table()
    {
        string expected = await IdAsync("training.csv", Complete);
        byte[] array = NumPyFiles.Array(NumPyFiles.ImagesLast(Images), "8, 8, 12");
        byte[] npz = Packing.Zip(("face_images.npy", array));

        Assert.Equal(expected, await IdAsync([("face_images.npz", npz), ("facial_keypoints.csv", Labels)]));
        Assert.Equal(expected, await IdAsync("archive.zip", Packing.Zip(("face_images.npz", npz), ("facial_keypoints.csv", Labels))));
        Assert.Equal(expected, await IdAsync("archive.zip", Packing.Stored(("face_images.npz", npz), ("facial_keypoints.csv", Labels))));
        Assert.Equal(expected, await IdAsync([("any.npy", array), ("points.csv", Labels), ("notes.csv", Packing.Utf8("a,b\n1,2\n"))]));

        // The array with the images is found among others, and the images may come first.
        byte[] several = Packing.Zip(
            ("ids.npy", NumPyFiles.Array(new byte[12], "12,")), ("x.npy", NumPyFiles.Array([.. Images.SelectMany(image => image)], "12, 8, 8")));
        Assert.Equal(expected, await IdAsync([("faces/data.npz", several), ("faces/points.csv", Labels)]));
    }

    [Fact]
    public async Task A_table_and_an_array_of_another_number_of_rows_are_refused_with_both_numbers()
    {
        byte[] npz = Packing.Zip(("face_images.npy", NumPyFiles.Array(NumPyFiles.ImagesLast(Images[..10]), "8, 8, 10")));

        string rejection = await RejectionAsync(("face_images.npz", npz), ("facial_keypoints.csv", Labels));

        Assert.Contains("facial_keypoints.csv has 12 rows, but face_images.npz holds 10 images (its shape is 8×8×10)", rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_npz_without_images_is_refused_with_the_arrays_that_it_holds()
    {
        byte[] npz = Packing.Zip(("x.npy", NumPyFiles.Array(new byte[12], "12,")), ("y.npy", NumPyFiles.Array([], "0,", type: "<f8")));

        string rejection = await RejectionAsync(("face_images.npz", npz), ("facial_keypoints.csv", Labels));

        Assert.Contains("face_images.npz holds 2 arrays: x (|u1, 12), y (<f8, 0); one array of images is expected", rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_tables_and_a_sidecar_may_lie_beside_the_labelled_table()
    {
        using PreparedForTest alone = await PreparedForTest.FromAsync(Complete, "a.csv");

        PreparationOutcome outcome = await PrepareFolderAsync(
            ("labels.csv", Complete), ("keypoints.csv", Packing.Utf8("image,nose_x,nose_y\n0.png,1,2\n")), ("0.png", [1, 2, 3]),
            ("keypoints.json", Packing.Utf8("{\"mirror\": \"none\"}")));

        Assert.True(outcome.Accepted, outcome.Report.Rejection);
        Assert.Equal(Rows, outcome.Manifest.Rows);
        Assert.Equal("user", outcome.Manifest.Schema.Mirror.Source);
        Assert.NotEqual("user", alone.Dataset.Manifest.Schema.Mirror.Source);
    }

    [Fact]
    public async Task Several_labelled_tables_are_refused_by_name()
    {
        string rejection = await RejectionAsync(("a.csv", Complete), ("b/c.csv", Packing.Utf8(SmallTable.With(5))));

        Assert.Contains("contains 2 tables with labels and pixels (a.csv, b/c.csv): one is expected. Put each into a folder or zip of its own.", rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_without_labels_that_are_read_says_what_it_holds_and_what_is_read()
    {
        string voc = await RejectionAsync(
            ("images/0.png", [1]), ("images/1.png", [1]), ("0.xml", Packing.Utf8("<annotation><folder>images</folder>")));
        string beside = await RejectionAsync(("points.csv", Labels), ("0.png", [1]));
        string notes = await RejectionAsync(("notes.csv", Packing.Utf8("file,remark\n0.png,good\n")), ("readme.md", [1]));
        string empty = await RejectionAsync();

        Assert.Contains("holds no labels that are read. It holds 2 pictures, 0.xml.", voc, StringComparison.Ordinal);
        Assert.Contains("0.xml is Pascal VOC's XML. It is not read.", voc, StringComparison.Ordinal);
        Assert.Contains("points.csv has labels, but no column names the pictures. Add a column image with the name of each row's picture.", beside, StringComparison.Ordinal);
        Assert.Contains("notes.csv: the header cannot be used", notes, StringComparison.Ordinal);
        Assert.Contains("is empty: labels to train on, or pictures to predict, are expected.", empty, StringComparison.Ordinal);
        Assert.All((string[])[voc, beside, notes], text => Assert.Contains("These labels are read: tables with pixels", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_single_file_of_another_format_is_named()
    {
        using PreparedForTest matlab = await PreparedForTest.FromAsync(Packing.Utf8("MATLAB 5.0 MAT-file"), "a.mat");
        using PreparedForTest array = await PreparedForTest.FromAsync([1], "face_images.npz");

        Assert.StartsWith("a.mat is a MATLAB file. It is not read. These labels are read:", matlab.Rejection, StringComparison.Ordinal);
        Assert.StartsWith("face_images.npz holds no labels by itself.", array.Rejection, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Table(Func<int, string> image, string imageColumn) => string.Join('\n', [
        $"nose_x,nose_y{imageColumn}", .. Enumerable.Range(0, Rows).Select(row => $"{row % 8},{(row + 3) % 8}{image(row)}"), ""]);

    private static async Task<string> IdAsync(string name, byte[] content)
    {
        using PreparedForTest prepared = await PreparedForTest.FromAsync(content, name);
        return prepared.Outcome.Manifest?.DatasetId ?? throw new InvalidOperationException(prepared.Rejection);
    }

    private async Task<string> IdAsync((string Name, byte[] Content)[] files)
    {
        PreparationOutcome outcome = await PrepareFolderAsync(files);
        return outcome.Manifest?.DatasetId ?? throw new InvalidOperationException(outcome.Report.Rejection);
    }

    private async Task<string> RejectionAsync(params (string Name, byte[] Content)[] files) =>
        (await PrepareFolderAsync(files)).Report.Rejection ?? throw new InvalidOperationException("The set was accepted.");

    private async Task<PreparationOutcome> PrepareFolderAsync(params (string Name, byte[] Content)[] files)
    {
        string folder = _folder.File($"set {_prepared++}");
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content, Cancel);
        }

        await using FolderFileSet set = FolderFileSet.Open(folder);
        return await PreparedForTest.PrepareAsync(set, _folder.File($"prepared {_prepared}"), Cancel);
    }
}
