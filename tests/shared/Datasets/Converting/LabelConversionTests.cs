using System.Text.Json;
using KeypointPipeline.Datasets.Converting;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Datasets.Converting;

/// <summary>Labels from any format that is read to one that is written.</summary>
public sealed class LabelConversionTests : IDisposable
{
    /// <summary>Two people on one picture, with what only COCO can hold; and a picture without people.</summary>
    private const string Coco =
        """
        {"categories":[{"id":1,"name":"face","keypoints":["left_eye","right_eye","nose"]}],
        "annotations":[
        {"id":1,"image_id":1,"category_id":1,"iscrowd":0,"num_keypoints":3,"keypoints":[10.25,20,2,30,20.5,1,20,30,2],"bbox":[5.5,6,40,50],"group":"anna"},
        {"id":2,"image_id":1,"category_id":1,"iscrowd":0,"num_keypoints":2,"keypoints":[60,20,2,0,0,0,70,30,2],"bbox":[55,6,30,40],"group":"ben"},
        {"id":3,"image_id":2,"category_id":1,"iscrowd":0,"num_keypoints":3,"keypoints":[1,2,2,3,4,2,5,6,2],"bbox":[0,0,16,8]}],
        "images":[{"id":1,"file_name":"a/one.png","width":100,"height":80},{"id":2,"file_name":"two.png","width":16,"height":8}]}
        """;

    private const string Pixels = "left_eye_x,left_eye_y,right_eye_x,right_eye_y,group,Image\n1,2,6.5,2,anna,PIXELS\n,,6,3,,PIXELS\n1,2,3,x,,PIXELS\n,,,,,PIXELS\n";

    private readonly TemporaryFolder _folder = TestFolder.Create("conversion");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Coco_to_coco_and_back_gives_identical_labels()
    {
        WriteCoco();
        await ConvertAsync("in", "first", "coco");

        ConversionSummary summary = await ConvertAsync("first", "second", "coco");

        Assert.Equal(File.ReadAllText(Path("first/coco.json")), File.ReadAllText(Path("second/coco.json")));
        Assert.Equal((2, 3L, 0L), (summary.Pictures, summary.Instances, summary.Rejected));
        Assert.Equal(await ReadAsync("in"), await ReadAsync("second"));
        Assert.Equal(File.ReadAllBytes(Path("in/a/one.png")), File.ReadAllBytes(Path("second/images/a/one.png")));
    }

    [Theory]
    [InlineData("wide")]
    [InlineData("long")]
    [InlineData("coco")]
    public async Task The_labels_come_back_from_every_target_with_states_boxes_and_groups(string target)
    {
        WriteCoco();

        ConversionSummary summary = await ConvertAsync("in", "out", target);

        Assert.Equal(await ReadAsync("in"), await ReadAsync("out"));
        Assert.DoesNotContain(summary.Notes, note => note.Contains("lost", StringComparison.Ordinal) || note.Contains("lose", StringComparison.Ordinal));
        Assert.True(File.Exists(Path("out/images/a/one.png")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path, "*.partial"));
    }

    [Fact]
    public async Task What_the_format_cannot_hold_is_counted()
    {
        WriteCoco();

        ConversionSummary summary = await ConvertAsync("in", "out", "yolo");

        Assert.Contains("Instances that lose their group, because yolo has none: 2.", summary.Notes);
        Assert.Equal(
            (await ReadAsync("in")).Select(line => line.Replace("anna", "", StringComparison.Ordinal).Replace("ben", "", StringComparison.Ordinal)),
            await ReadAsync("out"));
    }

    [Fact]
    public async Task A_file_names_the_pictures_where_they_are()
    {
        WriteCoco();

        ConversionSummary beside = await ConvertAsync("in", "in/labels.csv", to: null);
        ConversionSummary elsewhere = await ConvertAsync("in/coco.json", "other/labels.json", to: null);

        Assert.StartsWith("image,", File.ReadAllText(Path("in/labels.csv")), StringComparison.Ordinal);
        Assert.Contains("\na/one.png,", File.ReadAllText(Path("in/labels.csv")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("\"../in/a/one.png\"", File.ReadAllText(Path("other/labels.json")), StringComparison.Ordinal);
        Assert.DoesNotContain(beside.Notes, note => note.Contains("outside its folder", StringComparison.Ordinal));
        Assert.Contains(elsewhere.Notes, note => note.Contains("outside its folder", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path("in/images")));
    }

    [Fact]
    public async Task Pixels_in_a_table_become_png_files_without_loss()
    {
        byte[] pixels = [.. Enumerable.Range(0, 64).Select(n => (byte)(n * 4))];
        File.WriteAllText(Path("faces.csv"), Pixels.Replace("PIXELS", string.Join(' ', pixels), StringComparison.Ordinal));

        ConversionSummary summary = await ConvertAsync("faces.csv", "out", "wide");

        Assert.Equal((3, 2L, 1L), (summary.Pictures, summary.Instances, summary.Rejected));
        Assert.Equal(["faces.csv row 3, column right_eye_y: 'x' is not a number"], summary.Problems);
        Assert.Equal(["row-000001.png: left_eye 1,2 right_eye 6.5,2 |  anna", "row-000002.png: right_eye 6,3 |  "], await ReadAsync("out"));
        using SKBitmap picture = SKBitmap.Decode(Path("out/images/row-000002.png"));
        Assert.Equal(pixels, Enumerable.Range(0, 64).Select(n => picture.GetPixel(n % 8, n / 8).Red));
    }

    [Fact]
    public async Task Rows_that_cannot_be_used_are_named_and_the_others_are_written()
    {
        WriteCoco();
        File.WriteAllBytes(Path("in/two.png"), Picture(16, 9));
        ConversionSummary summary = await ConvertAsync("in", "out", "coco");

        Assert.Equal((1, 2L, 1L), (summary.Pictures, summary.Instances, summary.Rejected));
        Assert.Contains("16×8", Assert.Single(summary.Problems), StringComparison.Ordinal);
        File.Delete(Path("in/a/one.png"));
        var nothing = await Assert.ThrowsAsync<InvalidDataException>(() => ConvertAsync("in", "none", "coco"));
        Assert.Contains("Nothing was converted", nothing.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path("none")));
    }

    [Fact]
    public async Task An_unchanged_prediction_stays_one_or_is_left_out()
    {
        WriteCoco();
        string checksum = PredictionChecksum.Of([1f, 2, 3, 4, 5, 6]);
        File.WriteAllText(Path("in/coco.json"), Coco.Replace("\"bbox\":[0,0,16,8]", $"\"bbox\":[0,0,16,8],\"origin\":\"v1\",\"checksum\":\"{checksum}\"", StringComparison.Ordinal));

        await ConvertAsync("in", "kept", "coco");
        ConversionSummary summary = await ConvertAsync("in", "out", "yolo");

        using JsonDocument kept = JsonDocument.Parse(File.ReadAllBytes(Path("kept/coco.json")));
        Assert.Equal(checksum, kept.RootElement.GetProperty("annotations")[2].GetProperty("checksum").GetString());
        Assert.Equal((1, 2L), (summary.Pictures, summary.Instances));
        Assert.Contains("Predictions that nobody changed and that are left out, because yolo cannot say that they are no labels: 1.", summary.Notes);
    }

    [Fact]
    public async Task Labels_of_a_picture_in_another_size_are_scaled_and_a_scaled_prediction_stays_one()
    {
        WriteCoco();
        File.WriteAllBytes(Path("in/two.png"), Picture(32, 16));
        string checksum = PredictionChecksum.Of([1f, 2, 3, 4, 5, 6]);
        File.WriteAllText(Path("in/coco.json"), Coco.Replace("\"bbox\":[0,0,16,8]", $"\"bbox\":[0,0,16,8],\"origin\":\"v1\",\"checksum\":\"{checksum}\"", StringComparison.Ordinal));

        await ConvertAsync("in", "out", "coco");

        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path("out/coco.json")));
        JsonElement scaled = file.RootElement.GetProperty("annotations")[2];
        Assert.Equal("[2.5,4.5,2,6.5,8.5,2,10.5,12.5,2]", scaled.GetProperty("keypoints").GetRawText());
        Assert.Equal("[0,0,32,16]", scaled.GetProperty("bbox").GetRawText());
        Assert.Equal(PredictionChecksum.Of([2.5f, 4.5f, 6.5f, 8.5f, 10.5f, 12.5f]), scaled.GetProperty("checksum").GetString());
    }

    [Theory]
    [InlineData("in", "out", null, "does not say which format to write. State it: --to coco or --to long or --to wide or --to yolo")]
    [InlineData("in", "out", "excel", "'excel' is no format that is written. State one of coco, long, wide, yolo.")]
    [InlineData("in", "out.csv", "coco", "coco is written to a file that ends in .json, or to a folder.")]
    [InlineData("in", "out.csv", "yolo", "yolo has several files. Give a folder instead of")]
    [InlineData("in", "in", "coco", "is what is converted")]
    [InlineData("gone", "out", "coco", "There is no file or folder")]
    [InlineData("in", "full", "coco", "is not empty, and nothing in it is overwritten")]
    [InlineData("faces.csv", "out.json", null, "can only name pictures that are files")]
    public async Task Other_outputs_are_refused_with_what_to_do(string input, string output, string? to, string message)
    {
        WriteCoco();
        Directory.CreateDirectory(Path("full/sub"));
        File.WriteAllText(Path("faces.csv"), Pixels.Replace("PIXELS", string.Join(' ', new byte[64]), StringComparison.Ordinal));

        var e = await Assert.ThrowsAsync<InvalidDataException>(() => ConvertAsync(input, output, to));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path("out")));
        Assert.False(File.Exists(Path("out.csv")));
        Assert.False(File.Exists(Path("out.json")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path, "*.partial"));
    }

    [Fact]
    public async Task A_conversion_that_is_cancelled_leaves_nothing()
    {
        WriteCoco();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LabelConversion.ConvertAsync(Path("in"), Path("out"), "coco", cancelled.Token));

        Assert.Equal([Path("in")], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Every_format_that_is_written_is_a_target() =>
        Assert.Equal(LabelFormats.All.Where(format => format.Traits.Writes), LabelFormats.All.Where(format => format.Target is not null));

    public void Dispose() => _folder.Dispose();

    private static byte[] Picture(int width, int height) =>
        TestImages.Encode(width, height, (x, y) => new SKColor((byte)x, (byte)y, 9), SKEncodedImageFormat.Png);

    private string Path(string name) => _folder.File(name);

    private Task<ConversionSummary> ConvertAsync(string input, string output, string? to) => LabelConversion.ConvertAsync(Path(input), Path(output), to, Cancel);

    private void WriteCoco()
    {
        Directory.CreateDirectory(Path("in/a"));
        File.WriteAllText(Path("in/coco.json"), Coco);
        File.WriteAllBytes(Path("in/a/one.png"), Picture(100, 80));
        File.WriteAllBytes(Path("in/two.png"), Picture(16, 8));
    }

    private static string Describe(PictureBox? box) =>
        box is null ? "" : FormattableString.Invariant($"{box.Left:0.###} {box.Top:0.###} {box.Width:0.###} {box.Height:0.###} {box.Angle}");

    /// <summary>Reads labels as lines: the picture, the points with their states, the box and the group.</summary>
    private async Task<List<string>> ReadAsync(string folder)
    {
        await using ConvertibleSet set = await ConvertibleSet.OpenAsync(Path(folder), Cancel);
        var lines = new List<string>();
        await foreach (ConvertiblePicture picture in set.Labels.ReadAsync(Cancel))
        {
            string path = picture.Source.Path;
            path = path.StartsWith("images/", StringComparison.Ordinal) ? path["images/".Length..] : path;
            foreach (LabelledInstance instance in picture.Instances)
            {
                IEnumerable<string> points = set.Labels.Keypoints
                    .Select((name, k) => (Name: name, X: instance.Points[2 * k], Y: instance.Points[(2 * k) + 1], State: instance.States?[k]))
                    .Where(point => !float.IsNaN(point.X))
                    .Select(point => FormattableString.Invariant($"{point.Name} {point.X},{point.Y}{(point.State is { } state ? $" {state}" : "")}"));
                lines.Add($"{path}: {string.Join(' ', points)} | {Describe(instance.Box)} {instance.Group}");
            }
        }

        return lines;
    }
}
