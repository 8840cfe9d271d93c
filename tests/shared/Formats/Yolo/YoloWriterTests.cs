using System.Text;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Yolo;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Yolo;

public sealed class YoloWriterTests
{
    [Fact]
    public async Task The_dataset_has_a_label_file_for_each_picture_and_a_root_file()
    {
        (MemoryOutput output, string[] notes) = await WriteAsync(
            ["left_eye", "right \"eye\": x", "0"],
            new MirrorPairs(MirrorPairs.User, [new MirrorPair("left_eye", "right \"eye\": x")]),
            Picture("images/x/a.b.png", new LabelledInstance(1, [9.5f, 19.5f, 49.5f, 9.5f, float.NaN, float.NaN])
            {
                Box = new PictureBox(10, 20, 50, 10),
                States = [LabelState.Visible, LabelState.Occluded, LabelState.Missing],
            }),
            Picture("images/empty.png"));

        Assert.Equal(["labels/x/a.b.txt", "labels/empty.txt", "data.yaml"], output.Files.Keys);
        Assert.Equal("0 0.35 0.5 0.5 0.2 0.1 0.4 2 0.5 0.2 1 0 0 0\n", Text(output, "labels/x/a.b.txt"));
        Assert.Equal("", Text(output, "labels/empty.txt"));
        Assert.Equal(
            """
            # Keypoints in the YOLO-pose format of Ultralytics, written by KeypointPipeline
            train: images
            val: images
            kpt_shape: [3, 3]
            flip_idx: [1, 0, 2]
            names:
              0: instance
            kpt_names:
              0:
                - "left_eye"
                - "right \"eye\": x"
                - "0"

            """,
            Text(output, "data.yaml"));
        Assert.Empty(notes);
    }

    [Fact]
    public async Task What_the_format_cannot_hold_is_counted()
    {
        (MemoryOutput output, string[] notes) = await WriteAsync(
            ["a", "b", "c"],
            MirrorPairs.None,
            Picture("images/a.png", new LabelledInstance(1, [-3, 10, 10, 10, 20, 20]) { States = [LabelState.Visible, LabelState.Visible, LabelState.Labelled] }));

        Assert.Equal("0 0.09 0.31 0.24 0.22 0 0 0 0.105 0.21 2 0.205 0.41 2\n", Text(output, "labels/a.txt"));
        Assert.Equal(
            [
                "1 instances have no box: the extent of their points was written.",
                "1 points outside their picture were written as missing, because YOLO-pose allows none.",
                "1 points without a stated visibility were written as visible.",
            ],
            notes);
    }

    [Fact]
    public async Task Labels_without_visibility_have_1_for_every_point()
    {
        (MemoryOutput output, string[] notes) = await WriteAsync(
            ["a"], MirrorPairs.None, Picture("images/a.png", new LabelledInstance(1, [9.5f, 9.5f]) { Box = new PictureBox(0, 0, 100, 50) }));

        Assert.Equal("0 0.5 0.5 1 1 0.1 0.2 1\n", Text(output, "labels/a.txt"));
        Assert.Empty(notes);
    }

    [Fact]
    public async Task Keypoints_on_one_side_without_partner_forbid_mirrored_pictures()
    {
        (MemoryOutput output, _) = await WriteAsync(
            ["left_eye", "right_eye", "left_ear"], MirrorPairs.FromNames(["left_eye", "right_eye", "left_ear"]), Picture("images/a.png"));

        Assert.DoesNotContain("flip_idx", Text(output, "data.yaml"), StringComparison.Ordinal);
    }

    private static string Text(MemoryOutput output, string path) => Encoding.UTF8.GetString(output.Files[path]);

    private static LabelledPicture Picture(string path, params LabelledInstance[] instances) => new(path, instances) { StatedSize = (100, 50) };

    private static async Task<(MemoryOutput Output, string[] Notes)> WriteAsync(string[] names, MirrorPairs mirror, params LabelledPicture[] pictures)
    {
        var output = new MemoryOutput();
        await using LabelWriter writer = new YoloFormat().StartWriting(output, names, mirror);
        foreach (LabelledPicture picture in pictures)
            await writer.AddAsync(picture, TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return (output, [.. writer.Notes]);
    }
}
