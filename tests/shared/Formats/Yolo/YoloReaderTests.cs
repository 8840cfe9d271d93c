using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Yolo;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Yolo;

public sealed class YoloReaderTests
{
    private const string Line = "0 0.5 0.5 0.5 1 0.25 0.5 2 0.75 0.5 1\n";
    private const string Shape = "kpt_shape: [2, 3]\nnames: [face]\n";

    /// <summary>The layout of Roboflow, whose paths begin outside the dataset.</summary>
    [Fact]
    public async Task Pictures_of_all_splits_are_read_wherever_the_stated_paths_start()
    {
        ReadYolo read = await ReadAsync(
            ["train/images/a.jpg", "valid/images/b.png", "other/images/c.png"],
            ("data.yaml", "train: ../train/images\nval: ../valid/images\n" + Shape),
            ("train/labels/a.txt", Line),
            ("valid/labels/b.txt", Line),
            ("other/labels/c.txt", Line));

        Assert.Equal(["train/images/a.jpg", "valid/images/b.png"], read.Pictures.Select(picture => picture.Path));
        Assert.All(read.Pictures, picture => Assert.True(picture.IsRelative));
        Assert.Empty(read.Warnings);
    }

    [Theory]
    [InlineData("path: /home/ann/datasets/faces\ntrain: images\n")]
    [InlineData("path: C:\\data\\faces\ntrain: C:\\data\\faces\\images\n")]
    [InlineData("train: [images/train, images/val]\n")]
    [InlineData("train: train.txt\nval: val.txt\n")]
    public async Task Paths_of_another_machine_lists_and_lists_of_folders_lead_to_the_pictures(string paths)
    {
        ReadYolo read = await ReadAsync(
            ["faces/images/train/a.jpg", "faces/images/val/b.jpg"],
            ("faces/faces.yaml", paths + Shape),
            ("faces/train.txt", "./images/train/a.jpg\r\n\r\n"),
            ("faces/val.txt", "/data/faces/images/val/b.jpg\n/data/faces/images/val/gone.jpg"),
            ("faces/labels/train/a.txt", Line),
            ("faces/labels/val/b.txt", Line));

        Assert.Equal(["faces/images/train/a.jpg", "faces/images/val/b.jpg"], read.Pictures.Select(picture => picture.Path));
        Assert.Equal(["faces/labels/train/a.txt", "faces/labels/val/b.txt"], read.Pictures.Select(picture => picture.File));
    }

    [Fact]
    public async Task Places_that_are_not_in_the_set_are_named_and_all_labels_are_read_if_none_is()
    {
        ReadYolo read = await ReadAsync(["images/a.jpg"], ("data.yaml", "train: pictures/train\n" + Shape), ("labels/a.txt", Line));

        Assert.Single(read.Pictures);
        Assert.Equal(["data.yaml: train names 'pictures/train', which is not in sample.zip."], read.Warnings);
    }

    [Fact]
    public async Task Labels_whose_picture_is_missing_are_kept_so_that_they_are_reported()
    {
        ReadYolo read = await ReadAsync([], ("data.yaml", Shape), ("labels/a.txt", Line), ("labels/classes.txt", "face"), ("README.txt", "no labels"));

        Assert.Equal("images/a", Assert.Single(read.Pictures).Path);
    }

    [Fact]
    public async Task Label_files_can_be_beside_their_pictures()
    {
        ReadYolo read = await ReadAsync(["x/a.jpg", "x/b.jpg"], ("data.yaml", "train: x\n" + Shape), ("x/a.txt", Line), ("x/classes.txt", "face"));

        Assert.Equal("x/a.jpg", Assert.Single(read.Pictures).Path);
    }

    [Fact]
    public async Task Shares_are_measured_at_the_edges_of_the_picture()
    {
        ReadYolo read = await ReadAsync(["images/a.jpg"], ("data.yaml", Shape), ("labels/a.txt", Line));

        LabelledInstance instance = Assert.Single(read.Pictures[0].Instances);
        Assert.Equal([0.25f, 0.5f, 0.75f, 0.5f], instance.Points);
        Assert.Equal((0.25, 0.0, 0.5, 1.0), (instance.Box!.Left, instance.Box.Top, instance.Box.Width, instance.Box.Height));
        Assert.Equal([LabelState.Visible, LabelState.Occluded], instance.States);
    }

    [Fact]
    public async Task Without_visibility_points_at_0_0_and_with_negative_coordinates_are_missing()
    {
        ReadYolo read = await ReadAsync(
            ["images/a.jpg"], ("data.yaml", "kpt_shape: [3, 2]\n"), ("labels/a.txt", "0 0.5 0.5 1 1 0 0 -0.1 0.5 0.5 0\n"));

        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, 0.5f, 0], read.Pictures[0].Instances[0].Points);
        Assert.Null(read.Pictures[0].Instances[0].States);
        Assert.Equal(["Points at 0, 0 or with negative coordinates are missing: 2 points."], read.Guesses);
    }

    [Fact]
    public async Task Pairs_come_from_flip_idx()
    {
        ReadYolo read = await ReadAsync(
            ["images/a.jpg"],
            ("data.yaml", "kpt_shape: [2, 3]\nflip_idx: [1, 0]\nnames:\n  0: face\nkpt_names:\n  0: [ear one, ear two]\n"),
            ("labels/a.txt", Line));

        Assert.Equal(["ear one", "ear two"], read.Keypoints);
        Assert.Equal("ear one:ear two", Assert.Single(read.Mirror!.Apply(read.Keypoints).Pairs).ToString());
    }

    [Theory]
    [InlineData("[0, 1]", false)]
    [InlineData("[1, 1]", true)]
    [InlineData("[0]", true)]
    [InlineData("[0, 5]", true)]
    public async Task Pairs_that_are_none_or_cannot_be_are_not_used(string pairs, bool warns)
    {
        ReadYolo read = await ReadAsync(["images/a.jpg"], ("data.yaml", $"{Shape}flip_idx: {pairs}\n"), ("labels/a.txt", Line));

        Assert.Null(read.Mirror);
        Assert.Equal(warns, read.Warnings.Any(warning => warning.Contains("flip_idx is ignored", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Classes_with_keypoints_of_their_own_are_read_as_the_union_by_name()
    {
        ReadYolo read = await ReadAsync(
            ["images/a.jpg"],
            ("data.yaml", "kpt_shape: [2, 3]\nnames: {0: cat, 1: bird}\nkpt_names:\n  0: [eye, ear]\n  1: [beak, Eye]\n"),
            ("labels/a.txt", Line + Line.Replace("0 0.5", "1 0.5", StringComparison.Ordinal)));

        Assert.Equal(["eye", "ear", "beak"], read.Keypoints);
        Assert.Equal([0.75f, 0.5f, float.NaN, float.NaN, 0.25f, 0.5f], read.Pictures[0].Instances[1].Points);
    }

    [Theory]
    [InlineData("0 0.5 0.5 1 1", "has 5 numbers. Expected 11: the class, the box (4) and the keypoints (6).")]
    [InlineData("0 0.5 0.5 1 1 a 0.5 2 0.75 0.5 1", "'a' is not a number.")]
    public async Task A_line_that_cannot_be_used_is_a_bad_row_and_the_rest_is_read(string line, string problem)
    {
        ReadYolo read = await ReadAsync(["images/a.jpg"], ("data.yaml", Shape), ("labels/a.txt", $"{line}\n\n{Line}"));

        Assert.Equal((1, problem), (read.Pictures[0].Instances[0].Row, read.Pictures[0].Instances[0].Fault!.Text));
        Assert.Equal((3, null), (read.Pictures[0].Instances[1].Row, read.Pictures[0].Instances[1].Fault));
    }

    [Theory]
    [InlineData("kpt_shape: 17\n", "kpt_shape is not a number of keypoints and 2 or 3")]
    [InlineData("kpt_shape: [2, 4]\n", "kpt_shape is not a number of keypoints and 2 or 3")]
    [InlineData("kpt_shape: [2, 3]\nkpt_names: {0: [a]}\n", "kpt_names has 1 names")]
    [InlineData("kpt_shape: [2, 3\n", "is not valid YAML at line")]
    [InlineData("kpt_shape: [3, 3]\nflip_idx: [1, 0, 2]\nnames:\n  : face\n", "is not valid YAML")]
    [InlineData("kpt_shape: [2, 3]\nx: [[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]\n", "nested more than 16 levels deep")]
    [InlineData("kpt_shape: [2, 3]\ntrain: nowhere\n", "data.yaml has no label files in sample.zip")]
    public async Task A_dataset_that_cannot_be_used_is_rejected_with_the_reason(string yaml, string reason)
    {
        var e = await Assert.ThrowsAsync<RejectedFileException>(() => ReadAsync(["images/a.jpg"], ("data.yaml", yaml)));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# pose\npath: x\nkpt_shape: [17, 3]\n", true)]
    [InlineData("path: x\nnames: [a]\n", false)]
    public void It_is_recognised_by_kpt_shape(string yaml, bool expected)
    {
        Assert.Equal(expected, new YoloFormat().Recognises(new LabelFileStart("x.yaml", Encoding.UTF8.GetBytes(yaml), table: null)));
    }

    private static async Task<ReadYolo> ReadAsync(string[] pictures, params (string Path, string Text)[] files)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using SampleSet set = await SampleSet.OpenAsync([.. files.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))], pictures, cancel);
        await using LabelReader reader = await new YoloFormat().OpenAsync(
            set.Files, [.. set.Files.Files.Where(file => file.Path.EndsWith(".yaml", StringComparison.Ordinal))], cancel);
        List<LabelledPicture> read = await reader.ReadAsync(cancel).ToListAsync(cancel);
        return new ReadYolo(reader.Keypoints, read, reader.Mirror, [.. reader.Guesses], [.. reader.Warnings]);
    }

    private sealed record ReadYolo(
        IReadOnlyList<string> Keypoints, IReadOnlyList<LabelledPicture> Pictures, MirrorStatement? Mirror, IReadOnlyList<string> Guesses, IReadOnlyList<string> Warnings);
}
