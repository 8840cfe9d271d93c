using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Formats.LabelStudio;

public sealed class LabelStudioTests
{
    [Fact]
    public async Task Coordinates_are_shares_measured_at_the_pictures_edges()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task("a.png", Annotation(Point("nose", 0, 100)))))]);

        Assert.True(read.Pictures[0].IsRelative);
        Assert.Equal((200, 100), read.Pictures[0].StatedSize);
        Assert.Equal([0, 1], read.PointsOf(0));
    }

    /// <summary>The figures of HumanSignal/label-studio#2293: the turned rectangle is the upright one from 100,100 to 200,400.</summary>
    [Fact]
    public async Task A_rectangle_turns_around_its_top_left_corner_in_pixels()
    {
        string box = Result("rectanglelabels", """{"x":20,"y":20,"width":30,"height":20,"rotation":90,"rectanglelabels":["face"]}""", size: (1000, 500));

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task("a.png", Annotation(box, Point("nose", 15, 50)))))]);

        PictureBox turned = read.Pictures[0].Instances[0].Box!;
        Assert.Equal((90, 0.3, 0.2), (turned.Angle, turned.Width, turned.Height));
        Assert.Equal(0.15, turned.Left + (turned.Width / 2), 9);
        Assert.Equal(0.5, turned.Top + (turned.Height / 2), 9);
    }

    [Fact]
    public async Task A_picture_that_was_turned_on_the_screen_keeps_its_points()
    {
        string point = Point("nose", 10, 20).Replace("\"image_rotation\":0", "\"image_rotation\":90", StringComparison.Ordinal);

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task("a.png", Annotation(point))))]);

        Assert.Equal([0.1f, 0.2f], read.PointsOf(0));
        Assert.Equal(["1 pictures were turned on the screen (image_rotation). Their points belong to the pictures as they are."], read.Guesses);
    }

    [Fact]
    public async Task Predictions_and_skipped_annotations_are_never_labels()
    {
        string predicted = $$"""{"id":1,"data":{"image":"a.png"},"annotations":[],"predictions":[{"result":[{{Point("nose", 1, 1)}}]}]}""";
        string skipped = Task("b.png", Annotation(Point("nose", 2, 2)).Replace("\"was_cancelled\":false", "\"was_cancelled\":true", StringComparison.Ordinal));

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(predicted, skipped, Task("c.png", Annotation(Point("nose", 3, 3)))))]);
        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([("a.json", Export(predicted, skipped))]));

        Assert.Equal([0, 0, 1], read.Pictures.Select(picture => picture.Instances.Count));
        Assert.Equal(["1 tasks have predictions and no annotation. Predictions are never labels."], read.Warnings);
        Assert.Equal("a.json: no annotation has a point with a label (keypointlabels). Only annotations are labels, never predictions.", error.Message);
    }

    [Fact]
    public async Task Of_several_annotators_the_newest_counts_and_ground_truth_before_it()
    {
        string older = AnnotationAt("2024-01-01T00:00:00Z", Point("nose", 10, 10));
        string newer = AnnotationAt("2024-02-01T00:00:00Z", Point("nose", 20, 20));
        string truth = older.Replace("\"was_cancelled\"", "\"ground_truth\":true,\"was_cancelled\"", StringComparison.Ordinal);

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task("a.png", newer, older), Task("b.png", truth, newer)))]);

        Assert.Equal([0.2f, 0.1f], read.Pictures.Select(picture => picture.Instances[0].Points[0]));
        Assert.Equal(["2 tasks have several annotations. The one marked as ground truth is used, otherwise the newest."], read.Guesses);
    }

    [Fact]
    public async Task Rows_of_one_task_in_the_table_are_annotations_of_several_people()
    {
        const string Cell = "\"[{\"\"x\"\":50,\"\"y\"\":50,\"\"width\"\":1,\"\"keypointlabels\"\":[\"\"nose\"\"],\"\"original_width\"\":24,\"\"original_height\"\":24}]\"";
        string old = Cell.Replace(":50,", ":25,", StringComparison.Ordinal);

        ReadSet read = await ReadSet.FromAsync([("a.csv",
            $"id,image,kp-1,updated_at\n7,/data/upload/1/0.png,{Cell},2024-02-01T00:00:00Z\n7,/data/upload/1/0.png,{old},2024-01-01T00:00:00Z\n8,/data/upload/1/1.png,{old},2024-01-01T00:00:00Z\n")]);

        Assert.Equal([0.5f, 0.25f], read.Pictures.Select(picture => picture.Instances[0].Points[0]));
        Assert.Equal((24, 24), read.Pictures[0].StatedSize);
    }

    [Theory]
    [InlineData("/data/upload/3/624cb493-page1.png", "/data/upload/3/624cb493-page1.png", "/data/upload/3/page1.png")]
    [InlineData("/data/local-files/?d=my%20faces/a.png", "my faces/a.png", null)]
    [InlineData("https://example.org/faces/a%20b.png?sig=abc#x", "example.org/faces/a b.png", null)]
    [InlineData("s3://bucket/faces/a?b.png", "bucket/faces/a?b.png", null)]
    [InlineData("faces\\a#1.png", "faces\\a#1.png", null)]
    public async Task Addresses_become_paths(string address, string path, string? other)
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task(address, Annotation(Point("nose", 1, 2)))))]);

        Assert.Equal((path, other), (read.Pictures[0].Path, read.Pictures[0].OtherPath));
    }

    [Fact]
    public async Task Points_without_parent_belong_to_the_only_rectangle_around_them_that_lacks_them()
    {
        string[] results =
        [
            Box("a", 0, 0, 60, 100), Box("b", 40, 0, 60, 100),
            Point("nose", 20, 50), Point("nose", 50, 50), Point("tail", 50, 60), Point("tail", 80, 60),
        ];

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task("a.png", Annotation(results))))]);

        Assert.Equal(
            [("a", 0.2f, 0.5f), ("b", 0.5f, 0.8f)],
            read.Pictures[0].Instances.Select(instance => (instance.Id!, instance.Points[0], instance.Points[2])));
    }

    [Fact]
    public async Task A_relation_links_a_point_to_its_rectangle()
    {
        string point = Result("keypointlabels", """{"x":50,"y":50,"width":1,"keypointlabels":["nose"]}""", id: "p");
        const string Relation = """{"type":"relation","from_id":"p","to_id":"b","direction":"right"}""";

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task("a.png", Annotation(Box("a", 0, 0, 60, 100), Box("b", 40, 0, 60, 100), point, Relation))))]);

        Assert.Equal([float.NaN, 0.5f], read.Pictures[0].Instances.Select(instance => instance.Points[0]));
    }

    [Fact]
    public async Task Points_that_could_belong_to_several_instances_are_bad_rows()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", Export(
            Task("a.png", Annotation(Point("nose", 10, 10), Point("nose", 80, 10))),
            Task("b.png", Annotation(Box("a", 0, 0, 60, 100), Box("b", 40, 0, 60, 100), Point("nose", 50, 50)))))]);

        RowFault twice = Assert.Single(read.Pictures[0].Instances).Fault!;
        Assert.Equal("nose", twice.Column);
        Assert.StartsWith("is there twice, and nothing says which points belong together.", twice.Text, StringComparison.Ordinal);
        RowFault unclear = read.Pictures[1].Instances[2].Fault!;
        Assert.Equal((RowProblemKind.Label, "nose"), (unclear.Kind, unclear.Column));
        Assert.StartsWith("lies in no box or in several", unclear.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_of_several_pages_is_several_pictures()
    {
        string second = Point("nose", 30, 30).Replace("\"image_rotation\"", "\"item_index\":1,\"image_rotation\"", StringComparison.Ordinal);
        string task = $$"""{"id":1,"data":{"pages":["a.png","b.png"]},"annotations":[{{Annotation(Point("nose", 10, 10), second)}}]}""";

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(task))]);

        Assert.Equal([("a.png", 0.1f), ("b.png", 0.3f)], read.Pictures.Select(picture => (picture.Path, picture.Instances[0].Points[0])));
    }

    [Fact]
    public async Task A_task_that_cannot_be_used_is_a_bad_row_with_its_number()
    {
        string noPicture = $$"""{"id":1,"data":{"text":"hello"},"annotations":[{{Annotation(Point("nose", 1, 1))}}]}""";
        string noPlace = Task("b.png", Annotation(Point("nose", 1, 1).Replace("\"x\":1", "\"x\":null", StringComparison.Ordinal)));

        ReadSet read = await ReadSet.FromAsync([("a.json", Export(noPicture, noPlace, Task("c.png", Annotation(Point("nose", 3, 3)))))]);

        Assert.Equal([(RowProblemKind.PictureMissing, 1L), (RowProblemKind.NotANumber, 2L)],
            read.Pictures.Take(2).Select(picture => (picture.Instances[0].Fault!.Kind, picture.Instances[0].Row)));
        Assert.Equal([0.03f, 0.03f], read.PointsOf(2));
    }

    [Fact]
    public async Task A_picture_of_two_tasks_has_the_labels_of_the_first()
    {
        ReadSet read = await ReadSet.FromAsync([("a.json", Export(Task("a.png", Annotation(Point("nose", 1, 1))), Task("a.png", Annotation(Point("nose", 2, 2)))))]);

        Assert.Equal([0.01f, 0.01f], read.PointsOf(0));
        Assert.Equal(["1 tasks name a picture that an earlier task labels. The earlier labels are used."], read.Warnings);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_refused_with_the_line()
    {
        string text = Export(Task("a.png", Annotation(Point("nose", 1, 1))));

        var error = await Assert.ThrowsAsync<RejectedFileException>(() => ReadSet.FromAsync([("a.json", text[..^20])]));

        Assert.StartsWith("a.json is not valid JSON at line 1, byte ", error.Message, StringComparison.Ordinal);
    }

    private static string Export(params string[] tasks) => $"[{string.Join(",", tasks)}]";

    private static string Task(string picture, params string[] annotations) =>
        $$"""{"id":1,"data":{"image":{{JsonSerializer.Serialize(picture)}}},"annotations":[{{string.Join(",", annotations)}}],"predictions":[]}""";

    private static string Annotation(params string[] results) => AnnotationAt("2024-01-01T00:00:00Z", results);

    private static string AnnotationAt(string updated, params string[] results) =>
        $$"""{"completed_by":1,"was_cancelled":false,"updated_at":"{{updated}}","result":[{{string.Join(",", results)}}]}""";

    private static string Point(string label, int x, int y) =>
        Result("keypointlabels", $$"""{"x":{{x}},"y":{{y}},"width":0.5,"keypointlabels":["{{label}}"]}""");

    private static string Box(string id, int x, int y, int width, int height) =>
        Result("rectanglelabels", $$"""{"x":{{x}},"y":{{y}},"width":{{width}},"height":{{height}},"rotation":0,"rectanglelabels":["face"]}""", id);

    private static string Result(string type, string value, string? id = null, (int Width, int Height)? size = null) =>
        $$"""{"type":"{{type}}",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"original_width":{{size?.Width ?? 200}},"original_height":{{size?.Height ?? 100}},"image_rotation":0,"to_name":"image","value":{{value}}}""";
}
