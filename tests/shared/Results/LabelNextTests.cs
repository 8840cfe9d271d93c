using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results;

public sealed class LabelNextTests
{
    private const string Header = "image,uncertainty,worst_keypoint,worst_uncertainty_px,face,instance,status\r\n";
    private static readonly KeypointSchema Faces = new(["left_eye_center", "right_eye_center", "nose"], 16, 16);

    [Fact]
    public async Task The_least_certain_come_first_by_the_distance_between_the_eyes()
    {
        using var folder = TestFolder.Create("label-next");
        await MergeAsync(
            folder.Path,
            Faces,
            new ImageResult("large.jpg", 1000, 1000, [300, 400, 700, 400, 5, 5], null, [10, 40, 4]),
            new ImageResult("bad.jpg", null, null, null, "The file is empty."),
            new ImageResult("small, first.jpg", 100, 100, [30, 40, 70, 40, 5, 5], null, [1, 2, 3]),
            new ImageResult("small.jpg", 100, 100, [30, 40, 70, 40, 5, 5], null, [3, 2, 1]),
            new ImageResult("=partly.jpg", 100, 100, [30, 40, 54, 72, null, null], null, [8, null, 4]),
            new ImageResult("no eye.jpg", 100, 100, [null, null, 70, 40, 5, 5], null, [1, 1.5, 1]),
            new ImageResult("one spot.jpg", 100, 100, [70, 40, 70, 40, 5, 5], null, [null, null, null]));

        Assert.Equal(
            Header
            + "no eye.jpg,,right_eye_center,1.500,,,ok\r\n"
            + "one spot.jpg,,,,,,ok\r\n"
            + "./=partly.jpg,0.15000,left_eye_center,8.000,,,ok\r\n"
            + "\"small, first.jpg\",0.05000,nose,3.000,,,ok\r\n"
            + "small.jpg,0.05000,left_eye_center,3.000,,,ok\r\n"
            + "large.jpg,0.04500,right_eye_center,40.000,,,ok\r\n",
            await ReadAsync(folder.Path, ResultFiles.LabelNext));
    }

    [Fact]
    public async Task Without_eye_centres_the_frame_is_the_measure()
    {
        using var folder = TestFolder.Create("label-next");
        // The frame's 32 pixels are 128 of the square image, which is as high as the frame's 16.
        await MergeAsync(folder.Path, new KeypointSchema(["beak", "tail"], 32, 16), new ImageResult("a.png", 64, 64, [1, 2, 3, 4], null, [2, 6]));
        Assert.Equal(Header + "a.png,0.03125,tail,6.000,,,ok\r\n", await ReadAsync(folder.Path, ResultFiles.LabelNext));
        Assert.Contains("in per cent of the frame's longer side", await ReadAsync(folder.Path, ResultFiles.Report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_face_is_measured_by_its_own_frame_and_named_by_its_number()
    {
        using var folder = TestFolder.Create("label-next");
        // A frame pixel is 2 pixels of the image: the frame's 32 pixels are 64 of it, whatever the size of the image.
        await MergeAsync(
            folder.Path,
            new KeypointSchema(["beak", "tail"], 32, 16),
            new ImageResult("a.png", 6400, 6400, [1, 2, 3, 4], null, [2, 6]) { Face = 2, Instance = "5a1c0c2f9be37d44-2", Scale = 2 });

        Assert.Equal(Header + "a.png,0.06250,tail,6.000,2,5a1c0c2f9be37d44-2,ok\r\n", await ReadAsync(folder.Path, ResultFiles.LabelNext));
        Assert.Contains("<tr><td>a.png, instance 2</td>", await ReadAsync(folder.Path, ResultFiles.Report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doubtful_faces_come_first_then_images_without_a_face_then_whole_images_however_certain_the_model_is()
    {
        using var folder = TestFolder.Create("label-next");
        await MergeAsync(
            folder.Path,
            Faces,
            new ImageResult("uncertain.jpg", 100, 100, [30, 40, 70, 40, 5, 5], null, [30, 30, 30]),
            new ImageResult("whole.jpg", 100, 100, [30, 40, 70, 40, 5, 5], null, [0.1, 0.1, 0.1]) { LacksPlace = true },
            new ImageResult("sea.jpg", 100, 100, null, "no face found") { IsWithoutFace = true },
            new ImageResult("doubtful.jpg", 100, 100, [30, 40, 70, 40, 5, 5], null, [2, 2, 2]) { IsDoubtful = true, Face = 1 },
            new ImageResult("bad.jpg", null, null, null, "The file is empty."),
            new ImageResult("more doubtful.jpg", 100, 100, [30, 40, 70, 40, 5, 5], null, [4, 4, 4]) { IsDoubtful = true, Face = 3 });

        Assert.Equal(
            Header
            + "more doubtful.jpg,0.10000,left_eye_center,4.000,3,,doubtful\r\n"
            + "doubtful.jpg,0.05000,left_eye_center,2.000,1,,doubtful\r\n"
            + "sea.jpg,,,,,,no face found\r\n"
            + "whole.jpg,0.00250,left_eye_center,0.100,,,whole\r\n"
            + "uncertain.jpg,0.75000,left_eye_center,30.000,,,ok\r\n",
            await ReadAsync(folder.Path, ResultFiles.LabelNext));
    }

    [Fact]
    public async Task Json_lines_carry_the_uncertainty_in_the_keypoints_order()
    {
        using var folder = TestFolder.Create("label-next");
        await MergeAsync(
            folder.Path,
            Faces,
            new ImageResult("a.jpg", 100, 80, [1.5, 2, 70.125, -3.25, 5, 6], null, [0.5, null, 3.125]),
            new ImageResult("bad.jpg", null, null, null, "The file is empty."));
        Assert.Equal(
            """{"image":"a.jpg","status":"ok","width":100,"height":80,"keypoints":{"left_eye_center":[1.5,2],"right_eye_center":[70.125,-3.25],"nose":[5,6]},"uncertainty":[0.5,null,3.125],"error":null,"face":null,"instance":null,"box":null,"angle":null,"origin":"20261123-1","checksum":"c4bd6cfb58c9f030b"}"""
            + "\n"
            + """{"image":"bad.jpg","status":"failed","width":null,"height":null,"keypoints":null,"error":"The file is empty.","face":null,"instance":null,"box":null,"angle":null,"origin":null,"checksum":null}"""
            + "\n",
            await ReadAsync(folder.Path, ResultFiles.JsonLines));
    }

    [Fact]
    public async Task The_report_shows_the_first_ten_escaped_and_links_the_rest()
    {
        using var folder = TestFolder.Create("label-next");
        await MergeAsync(
            folder.Path,
            Faces,
            [.. Enumerable.Range(1, 12).Select(n => new ImageResult($"<b>{n}.jpg", 100, 100, [30, 40, 70, 40, 5, 5], null, [n, n, n]))]);

        string html = await ReadAsync(folder.Path, ResultFiles.Report);
        Assert.Contains("<h2>Label these next</h2>", html, StringComparison.Ordinal);
        Assert.Contains("in per cent of the distance between the eyes", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"label-next.csv\">label-next.csv</a>", html, StringComparison.Ordinal);
        string[] rows = html.Split("<tr><td>")[1..];
        Assert.Equal(10, rows.Length);
        Assert.StartsWith("&lt;b&gt;12.jpg</td><td>30.0 %</td><td>left eye center, 12.0 px</td><td>ok</td></tr>", rows[0], StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_uncertainty_there_is_no_list_and_an_earlier_one_goes()
    {
        using var folder = TestFolder.Create("label-next");
        await MergeAsync(folder.Path, Faces, new ImageResult("a.jpg", 100, 100, [1, 2, 3, 4, 5, 6], null, [1, 2, 3]));
        Assert.True(File.Exists(Path.Combine(folder.Path, ResultFiles.LabelNext)));
        await MergeAsync(folder.Path, Faces, new ImageResult("a.jpg", 100, 100, [1, 2, 3, 4, 5, 6], null));
        Assert.False(File.Exists(Path.Combine(folder.Path, ResultFiles.LabelNext)));
        Assert.DoesNotContain("Label these next", await ReadAsync(folder.Path, ResultFiles.Report), StringComparison.Ordinal);
    }

    private static Task<string> ReadAsync(string folder, string name) =>
        File.ReadAllTextAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken);

    private static async Task MergeAsync(string folder, KeypointSchema schema, params ImageResult[] results)
    {
        var store = new FolderResultStore(folder);
        using var lines = new MemoryStream();
        var writer = new ChunkWriter(lines, store, schema, new OverlaySample(results.Length));
        for (int n = 0; n < results.Length; n++)
        {
            using var image = new PredictedImage(n, [results[n]], null);
            await writer.WriteAsync(image, TestContext.Current.CancellationToken);
        }

        await new ResultsMerger(store, new FakeTimeProvider()).MergeAsync(
            new BatchRun("holiday", "20261123-1", schema, DateTimeOffset.UnixEpoch, LabelGaps.None),
            [_ => Task.FromResult<Stream>(new MemoryStream(lines.ToArray()))],
            TestContext.Current.CancellationToken);
    }
}
