using System.IO.Hashing;
using System.Text;
using KeypointPipeline.Datasets;
using KeypointPipeline.Datasets.Frames;
using KeypointPipeline.Formats;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Pictures;

/// <summary>Labels whose pictures are files become prepared datasets.</summary>
public sealed class PicturePreparationTests : IDisposable
{
    private const string Whole = "{\"framing\": \"whole\", \"frame\": \"32x32\"}";
    private readonly TemporaryFolder _folder = TestFolder.Create("pictures");
    private int _prepared;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_and_its_pictures_are_one_dataset_with_frames_labels_and_places()
    {
        using PreparedPictures prepared = await PrepareAsync(
            ("labels.csv", Utf8("image,nose_x,nose_y,eye_x,eye_y\na.png,31.5,15.5,10,12\nsub/b.png,20,10,,\n")),
            ("a.png", Spot(64, 32, 31.5, 15.5)), ("sub/b.png", Spot(64, 64, 20, 10)), ("keypoints.json", Utf8(Whole)));

        PreparedDataset dataset = prepared.Dataset;
        Assert.Equal(["nose", "eye"], dataset.Manifest.Schema.Names);
        Assert.Equal((2, 32, 32), (dataset.Rows, dataset.Manifest.Schema.FrameWidth, dataset.Manifest.Schema.FrameHeight));
        Assert.Equal(FramingKind.Whole, dataset.Manifest.Framing!.Kind);

        // The wide picture is halved and lies in the middle of the frame: x' = (x + 0.5) / 2 − 0.5, y' = (y + 0.5) / 2 + 8 − 0.5.
        Assert.Equal([15.5f, 15.5f, 4.75f, 13.75f], dataset.Keypoints(0).ToArray());
        Assert.Equal(new FrameTransform(2, 0, 8), dataset.Place(0));
        Assert.Equal([LabelState.Labelled, LabelState.Labelled], dataset.States(0).ToArray());
        Assert.Equal([LabelState.Labelled, LabelState.Missing], dataset.States(1).ToArray());
        Assert.True(float.IsNaN(dataset.Keypoints(1)[2]));
        Assert.True(dataset.Image(0)[(15 * 32) + 15] > 150);
        Assert.Equal([1u, 2u], [dataset.SourceRow(0), dataset.SourceRow(1)]);
        Assert.Equal((2L, 2L, FramingKind.Whole), (prepared.Report.Pictures, prepared.Report.RowsIn, prepared.Report.Framing!.Kind));
    }

    [Fact]
    public async Task A_folder_and_its_zip_give_one_dataset_and_other_labels_or_frames_another()
    {
        (string, byte[])[] files = [("labels.csv", Utf8("image,nose_x,nose_y\na.png,5,6\nb.png,7,8\n")), ("a.png", Spot(40, 40, 5, 6)), ("b.png", Spot(40, 40, 7, 8))];

        string id = (await PrepareAsync(files)).Id;

        Assert.Equal(id, (await PrepareZipAsync(files)).Id);
        Assert.Equal(id, (await PrepareZipAsync([.. files.Reverse().Select(file => ($"sub/{file.Item1}", file.Item2))])).Id);
        Assert.NotEqual(id, (await PrepareAsync([.. files, ("keypoints.json", Utf8("{\"frame\": \"32x32\"}"))])).Id);
        Assert.NotEqual(id, (await PrepareAsync([("labels.csv", Utf8("image,nose_x,nose_y\na.png,5,6.5\nb.png,7,8\n")), .. files[1..]])).Id);
    }

    [Fact]
    public async Task A_missing_or_broken_picture_is_a_bad_row_with_the_reason_and_stops_nothing()
    {
        using PreparedPictures prepared = await PrepareAsync(
            new DatasetOptions { MaximumBadShare = 0.9 },
            ("labels.csv", Utf8("image,nose_x,nose_y\ngone.png,5,6\nb.png,7,8\nbroken.png,5,6\n../../etc/passwd,5,6\nfar.png,500,6\n")),
            ("b.png", Spot(40, 40, 7, 8)), ("broken.png", Utf8("no picture")), ("far.png", Spot(40, 40, 7, 8)));

        Assert.Equal((1, 4L), (prepared.Report.RowsAccepted, prepared.Report.RowsRejected));
        Assert.Equal(
            [RowProblemKind.PictureMissing, RowProblemKind.PictureUnreadable, RowProblemKind.PictureMissing, RowProblemKind.OutsideFrame],
            prepared.Report.Problems.Select(problem => problem.Kind));
        Assert.Equal("labels.csv row 1: the picture 'gone.png' is not in set 0", prepared.Report.Problems[0].Message);
        Assert.StartsWith("labels.csv row 3: the picture 'broken.png' cannot be read: ", prepared.Report.Problems[1].Message, StringComparison.Ordinal);
        Assert.Equal("labels.csv row 5, column nose: x is 500, more than 10 % of a side outside the 40×40 picture 'far.png'", prepared.Report.Problems[3].Message);
    }

    [Fact]
    public async Task Labels_without_any_of_their_pictures_are_refused_with_the_first_name()
    {
        PreparedPictures prepared = await PrepareAsync(("labels.csv", Utf8("image,nose_x,nose_y\nx.png,5,6\n")), ("a.png", Spot(40, 40, 7, 8)));

        Assert.Contains("1 of 1 rows (100.0 %) cannot be used", prepared.Report.Rejection, StringComparison.Ordinal);
        Assert.Contains("the picture 'x.png' is not in set 0", prepared.Report.Rejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_of_a_picture_are_rows_of_their_own_that_stay_on_one_side_of_the_split()
    {
        byte[] picture = Spot(200, 100, 50, 50);
        using PreparedPictures prepared = await PrepareAsync(
            ("labels.csv", Utf8("image,nose_x,nose_y,box_x,box_y,box_width,box_height\na.png,50,50,25,25,50,50\na.png,150,50,125,25,50,50\n")), ("a.png", picture));

        PreparedDataset dataset = prepared.Dataset;
        UInt128 hash = XxHash128.HashToUInt128(picture);
        Assert.Equal(FramingKind.Box, dataset.Manifest.Framing!.Kind);
        Assert.Equal([(ulong)hash, (ulong)hash], [dataset.SplitKey(0), dataset.SplitKey(1)]);
        Assert.Equal((ulong)hash, dataset.ImageKey(0));

        // The box of 50 pixels is the frame of 96: x' = (50.5 − 25) · 96 / 50 − 0.5.
        Assert.Equal(48.46f, dataset.Keypoints(0)[0], tolerance: 0.001);
        Assert.Equal(dataset.Keypoints(0)[0], dataset.Keypoints(1)[0], tolerance: 0.001);
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(prepared.Folder, PreparedDatasetFiles.Pictures), Cancel);
        string id = $"{hash:x32}"[..16];
        Assert.Equal($"{{\"row\":0,\"picture\":\"a.png\",\"instance\":\"{id}-1\",\"box\":{{\"left\":25,\"top\":25,\"width\":50,\"height\":50,\"angle\":0}}}}", lines[0]);
        Assert.Contains($"\"{id}-2\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_another_size_are_scaled_or_turned_or_refused()
    {
        byte[] turned = TestImages.WithOrientation(TestImages.Encode(60, 40, TestImages.Spot(10, 5, 4), SKEncodedImageFormat.Jpeg), orientation: 6);
        using PreparedPictures prepared = await PrepareAsync(
            new DatasetOptions { MaximumBadShare = 0.5 },
            ("labels.csv", Utf8("image,image_width,image_height,nose_x,nose_y\na.png,80,80,19.5,9.5\nt.jpg,60,40,10,5\nu.jpg,70,40,10,5\n")),
            ("a.png", Spot(40, 40, 9.5, 4.5)), ("t.jpg", turned), ("u.jpg", turned), ("keypoints.json", Utf8("{\"framing\": \"whole\", \"frame\": \"60x60\"}")));

        Assert.Equal((2, 1L), (prepared.Report.RowsAccepted, prepared.Report.RowsRejected));
        Assert.Equal("labels.csv row 3: the labels are for a picture of 70×40 pixels, but 'u.jpg' has 40×60", prepared.Report.Problems[0].Message);

        // 20 of 80 pixels are 10 of 40, and 15 of the frame's 60.
        Assert.Equal([14.5f, 7f], prepared.Dataset.Keypoints(0).ToArray());

        // Orientation 6: the stored column 10 is the upright row 10, and the stored row 5 the upright column 40 − 1 − 5.
        Assert.Equal([44f, 10f], prepared.Dataset.Keypoints(1).ToArray());
        Assert.Contains("Pictures of another size than the labels state, but of the same shape: 1 (first: row 1). Their labels are scaled.", prepared.Report.Guessed);
        Assert.Contains("Pictures that their EXIF orientation turns, with labels on the stored picture: 1 (first: row 2). The labels are turned too.", prepared.Report.Guessed);
    }

    [Fact]
    public async Task Missing_marks_and_shares_of_the_picture_are_found()
    {
        string shares = string.Join('\n', Enumerable.Range(0, 12).Select(i => FormattableString.Invariant($"p{i}.png,0.{i + 13},0.2{i},0,0")));
        (string, byte[])[] pictures = [.. Enumerable.Range(0, 12).Select(i => ($"p{i}.png", Spot(100, 50, i, i)))];

        using PreparedPictures prepared = await PrepareAsync(
            [("labels.csv", Utf8($"image,nose_x,nose_y,eye_x,eye_y\n{shares}\n")), ("keypoints.json", Utf8("{\"framing\": \"whole\", \"frame\": \"100x100\"}")), .. pictures]);

        // PixelCsv/README.md: x · width and y · height.
        Assert.Equal([13f, 0.2f * 50 + 25f], prepared.Dataset.Keypoints(0)[..2].ToArray());
        Assert.Equal(0, prepared.Dataset.Manifest.Labels[1]);
        Assert.Contains("Missing marks: 0,0.", prepared.Report.Guessed);
    }

    [Fact]
    public async Task Points_far_outside_their_frame_are_missing_and_counted()
    {
        using PreparedPictures prepared = await PrepareAsync(
            ("labels.csv", Utf8("image,nose_x,nose_y,hand_x,hand_y,box_x,box_y,box_width,box_height\na.png,50,50,190,50,25,25,50,50\n")), ("a.png", Spot(200, 100, 50, 50)));

        Assert.Equal([1, 0], prepared.Dataset.Manifest.Labels);
        Assert.Equal(LabelState.Missing, prepared.Dataset.States(0)[1]);
        Assert.Contains("Points far outside their frame that count as missing: 1. Rows with such points: 1 (first: row 1, hand).", prepared.Report.Warnings);
    }

    [Fact]
    public async Task Predictions_that_nobody_changed_are_no_labels()
    {
        string unchanged = PredictionChecksum.Of([5f, 6f]);
        (string, byte[])[] pictures = [("a.png", Spot(40, 40, 5, 6)), ("b.png", Spot(40, 40, 7, 8))];
        const string Header = "image,status,width,height,nose_x,nose_y,origin,checksum\n";

        using PreparedPictures prepared = await PrepareAsync(
            [("keypoints.csv", Utf8($"{Header}a.png,ok,40,40,5,6,m-1,{unchanged}\nb.png,ok,40,40,7,8.5,m-1,{PredictionChecksum.Of([7f, 8f])}\n")), .. pictures]);
        PreparedPictures refused = await PrepareAsync([("keypoints.csv", Utf8($"{Header}a.png,ok,40,40,5,6,m-1,{unchanged}\n")), .. pictures]);

        Assert.Equal((1, 1L, 2L), (prepared.Report.RowsAccepted, prepared.Report.Predictions, prepared.Report.RowsIn));
        Assert.Equal("keypoints.csv holds only predictions that nobody changed: 1 (first: row 1). Correct some rows, or empty their origin to confirm them.", refused.Report.Rejection);
    }

    [Fact]
    public async Task Rows_of_erased_groups_are_left_out_without_reading_their_pictures()
    {
        using PreparedPictures prepared = await PrepareAsync(
            new DatasetOptions { ErasedGroups = new HashSet<ulong> { GroupKey.Of("Ada")!.Value } },
            ("labels.csv", Utf8("image,nose_x,nose_y,group\ngone.png,5,6,Ada\nb.png,7,8,Bob\n")), ("b.png", Spot(40, 40, 7, 8)));

        Assert.Equal((1, 1L, 0L), (prepared.Report.RowsAccepted, prepared.Report.Erased, prepared.Report.RowsRejected));
        Assert.Equal(GroupKey.Of("Bob"), prepared.Dataset.SplitKey(0));
    }

    [Fact]
    public async Task A_models_framing_and_frame_count_before_what_the_labels_suggest()
    {
        using PreparedPictures prepared = await PrepareAsync(
            new DatasetOptions { Pictures = new PictureFraming(Framing.Whole, new FrameSize(48, 32)) },
            ("labels.csv", Utf8("image,nose_x,nose_y,box_x,box_y,box_width,box_height\na.png,50,50,25,25,50,50\n")), ("a.png", Spot(200, 100, 50, 50)));

        Assert.Equal((48, 32, FramingKind.Whole), (prepared.Dataset.Manifest.Schema.FrameWidth, prepared.Dataset.Manifest.Schema.FrameHeight, prepared.Dataset.Manifest.Framing!.Kind));
    }

    [Fact]
    public async Task A_label_file_that_is_named_alone_finds_its_pictures_in_its_folder_and_ignores_other_label_files()
    {
        await WriteAsync(_folder.Path, ("labels.csv", Utf8("image,nose_x,nose_y\na.png,5,6\n")), ("other.csv", Utf8("image,tail_x,tail_y\na.png,5,6\n")), ("pics/a.png", Spot(40, 40, 5, 6)));

        using PreparedPictures prepared = await PrepareLocalAsync(_folder.File("labels.csv"));

        Assert.Equal(["nose"], prepared.Dataset.Manifest.Schema.Names);
        Assert.Equal("labels.csv", prepared.Report.Source);
    }

    [Fact]
    public async Task A_folder_of_pictures_takes_the_label_file_beside_it_that_has_its_name()
    {
        await WriteAsync(
            _folder.Path, ("training_frames.csv", Utf8(",0,1\na.png,5,6\n")), ("test_frames.csv", Utf8(",0,1\nb.png,5,6\n")), ("training/a.png", Spot(40, 40, 5, 6)), ("test/b.png", Spot(40, 40, 5, 6)));

        using PreparedPictures prepared = await PrepareLocalAsync(_folder.File("training"));

        Assert.Equal(1, prepared.Dataset.Rows);
        Assert.Contains("Label files: training_frames.csv, which lie beside the folder and name its pictures.", prepared.Report.Guessed);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Spot(int width, int height, double x, double y) =>
        TestImages.Encode(width, height, TestImages.Spot(x, y, sigma: 4), SKEncodedImageFormat.Png);

    private static async Task WriteAsync(string folder, params (string Name, byte[] Content)[] files)
    {
        foreach ((string name, byte[] content) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content, Cancel);
        }
    }

    private Task<PreparedPictures> PrepareAsync(params (string Name, byte[] Content)[] files) => PrepareAsync(new DatasetOptions(), files);

    private async Task<PreparedPictures> PrepareAsync(DatasetOptions options, params (string Name, byte[] Content)[] files)
    {
        string folder = _folder.File($"set {_prepared}");
        await WriteAsync(folder, files);
        await using FolderFileSet set = FolderFileSet.Open(folder);
        return await PrepareAsync(set, options);
    }

    private async Task<PreparedPictures> PrepareZipAsync(params (string Name, byte[] Content)[] files)
    {
        await using ZipFileSet set = await ZipFileSet.OpenAsync(PreparedForTest.Source(Packing.Zip(files), "set.zip"), Cancel);
        return await PrepareAsync(set, new DatasetOptions());
    }

    private async Task<PreparedPictures> PrepareAsync(FileSet set, DatasetOptions options)
    {
        string folder = _folder.File($"prepared {_prepared++}");
        return new PreparedPictures(folder, await PreparedForTest.PrepareAsync(set, folder, Cancel, options));
    }

    private async Task<PreparedPictures> PrepareLocalAsync(string path)
    {
        string folder = _folder.File($"prepared {_prepared++}");
        return new PreparedPictures(folder, await new DatasetPreparation(TimeProvider.System).PrepareLocalAsync(path, folder, new DatasetOptions(), progress: null, Cancel));
    }

    private sealed class PreparedPictures(string folder, PreparationOutcome outcome) : IDisposable
    {
        private PreparedDataset? _dataset;

        public string Folder => folder;

        public DatasetReport Report => outcome.Report;

        public string Id => outcome.Manifest?.DatasetId ?? throw new InvalidOperationException(Report.Rejection);

        public PreparedDataset Dataset => _dataset ??= PreparedDataset.Open(Id.Length > 0 ? folder : "");

        public void Dispose() => _dataset?.Dispose();
    }
}
