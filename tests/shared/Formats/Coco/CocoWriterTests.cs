using System.Text;
using System.Text.Json;
using KeypointPipeline.Formats.Coco;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Coco;

public sealed class CocoWriterTests
{
    private static readonly string[] Names = ["left_eye", "right_eye", "näse"];

    [Fact]
    public async Task Everything_that_labels_state_comes_back()
    {
        var labels = new LabelledPicture("images/a.png", [
            new LabelledInstance(1, [1.25f, 2, 3, 4, float.NaN, float.NaN])
            {
                States = [LabelState.Visible, LabelState.Occluded, LabelState.Missing],
                Box = new PictureBox(0.5, 1, 20, 10.25, 30),
                Group = "ann",
                Id = "cafe-1",
                Origin = "v7",
                Checksum = "c123",
            },
            new LabelledInstance(2, [5, 6, float.NaN, float.NaN, 7, 8]) { States = [LabelState.Labelled, LabelState.Absent, LabelState.Visible] },
            new LabelledInstance(3, [5, 6, 7, 8, 9, 9]) { States = [LabelState.Occluded, LabelState.Occluded, LabelState.Occluded] },
        ])
        { StatedSize = (640, 480) };

        LabelledPicture read = Assert.Single(await WriteAndReadAsync(labels));

        Assert.Equal(("images/a.png", (640, 480)), (read.Path, read.StatedSize));
        Assert.Equivalent(labels.Instances, read.Instances, strict: true);
    }

    [Fact]
    public async Task Labels_without_visibility_come_back_without_visibility()
    {
        LabelledPicture read = Assert.Single(await WriteAndReadAsync(new LabelledPicture("a.png", [new LabelledInstance(1, [1, 2, float.NaN, float.NaN, 5, 6])])));

        Assert.Equal([LabelState.Labelled, LabelState.Missing, LabelState.Labelled], read.Instances[0].States);
        Assert.Null(read.Instances[0].Box);
    }

    /// <summary>Readers of COCO need a box, an area and the number of keypoints in each annotation, and unique ids from 1.</summary>
    [Fact]
    public async Task Each_annotation_has_what_readers_of_COCO_need()
    {
        JsonElement coco = JsonDocument.Parse(await WriteAsync(
            new LabelledPicture("a.png", [new LabelledInstance(1, [1, 2, 4, 6, float.NaN, float.NaN]) { Score = 0.75 }]) { StatedSize = (64, 48) },
            new LabelledPicture("b.png", []) { StatedSize = (64, 48) },
            new LabelledPicture("c.png", [new LabelledInstance(1, [1, 2, 4, 6, 8, 9]) { Box = new PictureBox(0, 1, 20, 30) }]) { StatedSize = (64, 48) })).RootElement;

        Assert.Equal([1, 2, 3], coco.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("id").GetInt32()));
        JsonElement[] annotations = [.. coco.GetProperty("annotations").EnumerateArray()];
        Assert.Equal([(1, 1), (2, 3)], annotations.Select(annotation => (annotation.GetProperty("id").GetInt32(), annotation.GetProperty("image_id").GetInt32())));
        Assert.Equal("[1,2,4,5]", annotations[0].GetProperty("bbox").GetRawText());
        Assert.Equal((2, 20.0, 0.75), (annotations[0].GetProperty("num_keypoints").GetInt32(), annotations[0].GetProperty("area").GetDouble(), annotations[0].GetProperty("score").GetDouble()));
        Assert.Equal("[1,2,2,4,6,2,0,0,0]", annotations[0].GetProperty("keypoints").GetRawText());
        Assert.Equal("[0,1,20,30]", annotations[1].GetProperty("bbox").GetRawText());
        Assert.False(annotations[1].TryGetProperty("bbox_from", out _));
        Assert.Equal(Names, coco.GetProperty("categories")[0].GetProperty("keypoints").EnumerateArray().Select(name => name.GetString()));
    }

    /// <summary>Labels in exactly the values that a tool wrote: written, read and written again, the file is the same.</summary>
    [Fact]
    public async Task A_file_that_is_read_and_written_again_is_the_same()
    {
        byte[] first = await WriteAsync(
            new LabelledPicture("a.png", [new LabelledInstance(1, [0.1f, 1f / 3, 1e-5f, 123456.7f, float.NaN, float.NaN]) { Box = new PictureBox(1 / 3.0, 0.1, 2.2, 3.3) }]) { StatedSize = (64, 48) },
            new LabelledPicture("b.png", []) { StatedSize = (1, 1) });

        byte[] second = await WriteAsync([.. await ReadAsync(first)]);

        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(second));
    }

    [Fact]
    public async Task An_instance_that_cannot_be_used_is_not_written()
    {
        var bad = new LabelledInstance(1, []) { Fault = new(KeypointPipeline.Formats.RowProblemKind.Label, null, "is wrong") };

        Assert.Empty(Assert.Single(await WriteAndReadAsync(new LabelledPicture("a.png", [bad]))).Instances);
    }

    private static async Task<List<LabelledPicture>> WriteAndReadAsync(params LabelledPicture[] pictures) => await ReadAsync(await WriteAsync(pictures));

    private static async Task<byte[]> WriteAsync(params LabelledPicture[] pictures)
    {
        var output = new MemoryOutput();
        await using LabelWriter writer = new CocoFormat().StartWriting(output, Names, MirrorPairs.None);
        foreach (LabelledPicture picture in pictures)
            await writer.AddAsync(picture, TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return output.Files[CocoFormat.FileName];
    }

    private static async Task<List<LabelledPicture>> ReadAsync(byte[] json)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using SampleSet set = await SampleSet.OpenAsync([("coco.json", json)], [], cancel);
        await using LabelReader reader = await new CocoFormat().OpenAsync(set.Files, set.Files.Files, cancel);
        return await reader.ReadAsync(cancel).ToListAsync(cancel);
    }
}
