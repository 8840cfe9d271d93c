using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Coco;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.Coco;

public sealed class CocoReaderTests
{
    private const string Image = """{"id": 1, "file_name": "a.png", "width": 40, "height": 30}""";
    private const string Face = """{"id": 1, "name": "face", "keypoints": ["left_eye", "right_eye"]}""";

    [Fact]
    public async Task Visibility_0_1_and_2_is_missing_hidden_and_visible()
    {
        ReadCoco read = await ReadAsync(Face, Annotation("1, 2, 2, 3, 4, 1"), Annotation("9, 9, 0, 3, 4, 2"));

        Assert.Equal([1, 2, 3, 4], read.Instances[0].Points);
        Assert.Equal([LabelState.Visible, LabelState.Occluded], read.Instances[0].States);
        Assert.Equal([float.NaN, float.NaN, 3, 4], read.Instances[1].Points);
        Assert.Equal([LabelState.Missing, LabelState.Visible], read.Instances[1].States);
    }

    [Fact]
    public async Task A_confidence_instead_of_a_visibility_is_a_labelled_point()
    {
        ReadCoco read = await ReadAsync(Face, Annotation("1, 2, 0.25, 3, 4, 2"));

        Assert.Equal([LabelState.Labelled, LabelState.Visible], read.Instances[0].States);
    }

    [Fact]
    public async Task Visibility_1_for_every_point_states_no_visibility()
    {
        ReadCoco read = await ReadAsync(Face, Annotation("1, 2, 1, 3, 4, 1"), Annotation("1, 2, 1, 0, 0, 0"));

        Assert.All(read.Instances, instance => Assert.Null(instance.States));
        Assert.Equal([VisibilityNumbers.Guess], read.Guesses);
    }

    [Fact]
    public async Task Points_of_a_category_without_names_are_numbered_from_0()
    {
        ReadCoco read = await ReadAsync("""{"id": 1, "name": "face", "keypoints": []}""", Annotation("1, 2, 2, 3, 4, 2, 5, 6, 2"));

        Assert.Equal(["0", "1", "2"], read.Keypoints);
        Assert.Equal([1, 2, 3, 4, 5, 6], read.Instances[0].Points);
    }

    [Fact]
    public async Task Categories_with_other_keypoints_are_read_as_the_union_by_name()
    {
        ReadCoco read = await ReadAsync(
            """{"id": 1, "name": "face", "keypoints": ["left_eye", "nose"]}, {"id": 2, "name": "bird", "keypoints": ["beak", "Left Eye"]}""",
            Annotation("1, 2, 2, 3, 4, 2"),
            Annotation("5, 6, 2, 7, 8, 2", category: "2"));

        Assert.Equal(["left_eye", "nose", "beak"], read.Keypoints);
        Assert.Equal([1, 2, 3, 4, float.NaN, float.NaN], read.Instances[0].Points);
        Assert.Equal([7, 8, float.NaN, float.NaN, 5, 6], read.Instances[1].Points);
    }

    [Fact]
    public async Task Boxes_of_categories_without_keypoints_are_left_out_and_counted()
    {
        ReadCoco read = await ReadAsync(
            Face + """, {"id": 2, "name": "car"}""", Annotation("1, 2, 2, 3, 4, 2"), """{"id": 5, "image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4]}""");

        Assert.Single(read.Instances);
        Assert.Equal(["1 annotations of categories without keypoints were left out: car."], read.Guesses);
    }

    [Fact]
    public async Task A_crowd_without_points_is_left_out_and_a_person_without_points_is_an_unlabelled_instance()
    {
        ReadCoco read = await ReadAsync(Face, Annotation("0, 0, 0, 0, 0, 0", more: ", \"iscrowd\": 1, \"segmentation\": {\"counts\": [1, 2], \"size\": [30, 40]}"), Annotation("0, 0, 0, 0, 0, 0"));

        Assert.Equal([2], read.Instances.Select(instance => instance.Row));
        Assert.Equal(["1 annotations of crowds (iscrowd = 1) have no labelled keypoint and were left out."], read.Guesses);
    }

    [Fact]
    public async Task The_box_is_measured_at_pixel_edges_and_the_points_at_pixel_centres()
    {
        ReadCoco read = await ReadAsync(Face, Annotation("0, 0, 2, 39, 29, 2", more: """, "bbox": [0, 0, 40, 30], "attributes": {"rotation": 12.5}"""));

        Assert.Equal([0, 0, 39, 29], read.Instances[0].Points);
        Assert.Equal(new PictureBox(0, 0, 40, 30, 12.5), read.Instances[0].Box);
    }

    [Theory]
    [InlineData("1, 2, 2", RowProblemKind.Label, "has 3 numbers. Expected 6, x, y and v for each keypoint of the category.")]
    [InlineData("1, 2, 2, 3, \"x\", 2", RowProblemKind.NotANumber, "number 5 is not a number.")]
    [InlineData("1, 2, 2, 3, 1e60, 2", RowProblemKind.Infinite, "number 4 or 5 is too large for a coordinate.")]
    public async Task Points_that_cannot_be_used_are_a_bad_row_and_the_rest_is_read(string points, RowProblemKind kind, string text)
    {
        ReadCoco read = await ReadAsync(Face, Annotation(points), Annotation("1, 2, 2, 3, 4, 2"));

        Assert.Equal((kind, "keypoints", text), (read.Instances[0].Fault!.Kind, read.Instances[0].Fault!.Column, read.Instances[0].Fault!.Text));
        Assert.Null(read.Instances[1].Fault);
    }

    [Fact]
    public async Task A_point_with_one_coordinate_is_a_half_label()
    {
        ReadCoco read = await ReadAsync(Face, Annotation("1, 2, 2, 3, null, 2"));

        Assert.Equal(1, read.Instances[0].HalfLabel);
        Assert.Equal([1, 2, float.NaN, float.NaN], read.Instances[0].Points);
    }

    [Fact]
    public async Task An_annotation_of_an_unknown_picture_or_category_is_reported()
    {
        ReadCoco read = await ReadAsync(Face, """{"image_id": 77, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2]}""", Annotation("1, 2, 2, 3, 4, 2", category: "9"));

        Assert.Equal(["a.png", "(an image_id that \"images\" lacks)"], read.Pictures.Select(picture => picture.Path));
        Assert.Equal("category_id", read.Pictures[0].Instances[0].Fault!.Column);
    }

    [Fact]
    public async Task Origin_and_checksum_are_read_from_the_annotation_and_from_attributes_that_other_tools_keep()
    {
        ReadCoco read = await ReadAsync(
            Face,
            Annotation("1, 2, 2, 3, 4, 2", more: """, "origin": "v1", "checksum": "c1", "group": "ann", "instance": "cafe-1" """),
            Annotation("1, 2, 2, 3, 4, 2", more: """, "attributes": {"origin": "v2", "checksum": "c2", "occluded": false}"""));

        Assert.Equal(("v1", "c1", "ann", "cafe-1"), (read.Instances[0].Origin, read.Instances[0].Checksum, read.Instances[0].Group, read.Instances[0].Id));
        Assert.Equal(("v2", "c2"), (read.Instances[1].Origin, read.Instances[1].Checksum));
    }

    [Fact]
    public async Task Several_files_are_one_dataset_and_each_picture_names_its_file()
    {
        string valid = File(Face, Image, Annotation("5, 6, 2, 7, 8, 2"));
        await using SampleSet set = await SampleSet.OpenAsync(
            [("train/_annotations.coco.json", Encoding.UTF8.GetBytes(File(Face, Image, Annotation("1, 2, 2, 3, 4, 2")))), ("valid/_annotations.coco.json", Encoding.UTF8.GetBytes(valid))],
            [],
            TestContext.Current.CancellationToken);

        ReadLabels read = await ReadLabels.FromAsync(set);

        Assert.Equal(["train/_annotations.coco.json", "valid/_annotations.coco.json"], read.Pictures.Select(picture => picture.File));
        Assert.Equal([5, 6, 7, 8], read.Pictures[1].Instances[0].Points);
    }

    [Theory]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png"}], "annotations": [{"image_id": 1, "bbox": [1, 2, 3, 4]}]}""", "faces.json is a COCO file without keypoints")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png"}], "annotations": [{"image_id": 1, "keypoints": [NaN, 1, 2]}]}""", "faces.json is not valid JSON at line 1")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png"}], "annotations": [{"image_id": 1, "keypo""", "It may be cut off")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png"}]} trailing""", "faces.json is not valid JSON at line 1")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png"}], "categories": [{"name": "face", "keypoints": ["a", "a"]}]}""", "category 'face': keypoint 'a' occurs twice")]
    public async Task A_file_that_cannot_be_used_is_rejected_with_the_reason(string json, string reason)
    {
        var e = await Assert.ThrowsAsync<RejectedFileException>(() => ReadFileAsync(json));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_byte_order_mark_and_unknown_members_is_read()
    {
        string json = "\uFEFF{\"info\": {\"images\": [{\"deep\": [[1]]}]}, \"x\": [1, {\"annotations\": 2}], \"y\": null, \"z\": 3.5, " + File(Face, Image, Annotation("1, 2, 2, 3, 4, 2"))[1..];

        ReadCoco read = await ReadFileAsync(json);

        Assert.Equal([1, 2, 3, 4], Assert.Single(read.Instances).Points);
        Assert.Equal((40, 30), read.Pictures[0].StatedSize);
    }

    [Theory]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png"}]}""", true)]
    [InlineData("""{"info": {"images": []}, "categories": [{"id": 1, "keypoints": ["a"]}]}""", true)]
    [InlineData("""[{"image_id": 1, "category_id": 1, "keypoints": [1, 2, 2], "score": 0.5}]""", false)]
    [InlineData("""{"mirror": "none", "frame": "96x96"}""", false)]
    [InlineData("""{"images": ["a.png"]}""", false)]
    [InlineData("images, annotations", false)]
    public void It_is_recognised_by_its_members(string json, bool expected)
    {
        Assert.Equal(expected, new CocoFormat().Recognises(new LabelFileStart("x.json", Encoding.UTF8.GetBytes(json), table: null)));
    }

    private static string Annotation(string points, string category = "1", string more = "") =>
        $$"""{"id": 3, "image_id": 1, "category_id": {{category}}, "keypoints": [{{points}}]{{more}}}""";

    private static string File(string categories, string images, params string[] annotations) =>
        $$"""{"images": [{{images}}], "annotations": [{{string.Join(", ", annotations)}}], "categories": [{{categories}}]}""";

    private static Task<ReadCoco> ReadAsync(string categories, params string[] annotations) => ReadFileAsync(File(categories, Image, annotations));

    private static async Task<ReadCoco> ReadFileAsync(string json)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using SampleSet set = await SampleSet.OpenAsync([("faces.json", Encoding.UTF8.GetBytes(json))], [], cancel);
        await using LabelReader reader = await new CocoFormat().OpenAsync(set.Files, set.Files.Files, cancel);
        List<LabelledPicture> pictures = await reader.ReadAsync(cancel).ToListAsync(cancel);
        return new ReadCoco(reader.Keypoints, pictures, [.. reader.Guesses]);
    }

    private sealed record ReadCoco(IReadOnlyList<string> Keypoints, IReadOnlyList<LabelledPicture> Pictures, IReadOnlyList<string> Guesses)
    {
        public IReadOnlyList<LabelledInstance> Instances => [.. Pictures.SelectMany(picture => picture.Instances)];
    }
}
