using System.Globalization;
using System.Text;
using System.Text.Json;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.Serialization;
using KeypointPipeline.TestSupport;
using Xunit;
using static KeypointPipeline.Shared.Tests.Results.MergedResults;

namespace KeypointPipeline.Shared.Tests.Results;

public sealed class ResultsTests
{
    private static readonly ImageResult[] Results =
    [
        new("a.jpg", 100, 80, [1.5, 2, 70.125, -3.25, null, null], null),
        new("sub/b, \"c\".png", 7, 9, [0, 0, 0, 0, 6, 8], null),
        new("<script>alert(1)</script>.jpg", null, null, null, "The file is empty."),
        new("=HYPERLINK(\"http://x\").jpg", null, null, null, "cut, off"),
        new("two\nlines ü.bmp", 5, 5, [1, 1, 2, 2, 3, 3], null) { Face = 1, Instance = "5a1c0c2f9be37d44-1", Box = new PictureBox(-0.5, 1, 4, 3.25) },
    ];

    [Fact]
    public async Task Csv_files_are_what_RFC_4180_wants()
    {
        using var folder = TestFolder.Create("results");
        await MergeAsync(folder.Path, Results);
        Assert.Equal(
            "image,width,height,status,left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y,face,instance,box_x,box_y,box_width,box_height,angle,origin,checksum\r\n" +
            "a.jpg,100,80,ok,1.500,2.000,70.125,-3.250,,,,,,,,,,20261123-1,cf2b943b40b43318e\r\n" +
            "\"sub/b, \"\"c\"\".png\",7,9,ok,0.000,0.000,0.000,0.000,6.000,8.000,,,,,,,,20261123-1,c3494d414bb44a457\r\n" +
            "<script>alert(1)</script>.jpg,,,failed,,,,,,,,,,,,,,,\r\n" +
            "\"./=HYPERLINK(\"\"http://x\"\").jpg\",,,failed,,,,,,,,,,,,,,,\r\n" +
            "\"two\nlines ü.bmp\",5,5,ok,1.000,1.000,2.000,2.000,3.000,3.000,1,5a1c0c2f9be37d44-1,-0.500,1.000,4.000,3.250,0.000,20261123-1,cda72e85a15ba6140\r\n",
            await ReadAsync(folder.Path, ResultFiles.Csv));
        Assert.Equal(
            "image,reason\r\n" +
            "<script>alert(1)</script>.jpg,The file is empty.\r\n" +
            "\"./=HYPERLINK(\"\"http://x\"\").jpg\",\"cut, off\"\r\n",
            await ReadAsync(folder.Path, ResultFiles.Errors));
    }

    [Fact]
    public async Task Json_lines_hold_exact_names_and_null_for_what_is_missing()
    {
        using var folder = TestFolder.Create("results");
        await MergeAsync(folder.Path, Results);
        string[] lines = (await ReadAsync(folder.Path, ResultFiles.JsonLines)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            """{"image":"a.jpg","status":"ok","width":100,"height":80,"keypoints":{"left_eye":[1.5,2],"right_eye":[70.125,-3.25],"nose":null},"error":null,"face":null,"instance":null,"box":null,"angle":null,"origin":"20261123-1","checksum":"cf2b943b40b43318e"}""",
            lines[0]);
        Assert.Equal(
            """{"image":"<script>alert(1)</script>.jpg","status":"failed","width":null,"height":null,"keypoints":null,"error":"The file is empty.","face":null,"instance":null,"box":null,"angle":null,"origin":null,"checksum":null}""",
            lines[2]);
        Assert.Equal(Results.Select(r => r.Image), lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("image").GetString()));
    }

    [Fact]
    public async Task A_result_says_which_instance_it_is_and_that_the_whole_image_was_used()
    {
        using var folder = TestFolder.Create("results");
        await MergeAsync(
            folder.Path,
            [
                new ImageResult("a.jpg", 100, 80, [1.5, 2, 70.125, -3.25, null, null], null)
                {
                    Face = 2, Instance = "5a1c0c2f9be37d44-2", Box = new PictureBox(-0.5, 1.00049, 4, 3.25, 12.5), Scale = 0.25,
                },
                new ImageResult("b.jpg", 100, 80, [1.5, 2, 70.125, -3.25, null, null], null) { Face = 1, Instance = "=1+1", LacksPlace = true },
            ]);

        Assert.Equal(
            [
                "a.jpg,100,80,ok,1.500,2.000,70.125,-3.250,,,2,5a1c0c2f9be37d44-2,-0.500,1.000,4.000,3.250,12.500,20261123-1,cf2b943b40b43318e",
                "b.jpg,100,80,whole,1.500,2.000,70.125,-3.250,,,1,./=1+1,,,,,,20261123-1,cf2b943b40b43318e",
            ],
            (await ReadAsync(folder.Path, ResultFiles.Csv)).Split("\r\n")[1..^1]);
        string[] lines = (await ReadAsync(folder.Path, ResultFiles.JsonLines)).Split('\n');
        Assert.EndsWith(
            """ "error":null,"face":2,"instance":"5a1c0c2f9be37d44-2","box":[-0.5,1,4,3.25],"angle":12.5,"origin":"20261123-1","checksum":"cf2b943b40b43318e"}"""[1..],
            lines[0], StringComparison.Ordinal);
        Assert.Contains("\"status\":\"whole\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_checksum_in_the_table_is_that_of_its_coordinates_as_labels_are_read()
    {
        using var folder = TestFolder.Create("results");
        await MergeAsync(folder.Path, [new ImageResult("a.jpg", 9_000, 9_000, [8_999.999, 0.001, null, null, 4_000.4, 7], null)]);

        string[] row = (await ReadAsync(folder.Path, ResultFiles.Csv)).Split("\r\n")[1].Split(',');
        float[] points = [.. row[4..10].Select(cell => cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture))];

        Assert.True(PredictionChecksum.IsUnchanged(row[^2], row[^1], points));
    }

    [Fact]
    public async Task Chunks_of_an_earlier_version_are_merged()
    {
        using var folder = TestFolder.Create("results");
        await MergeChunksAsync(folder.Path, LabelGaps.None, ["""{"result":{"image":"a.jpg","width":5,"height":5,"keypoints":[1,1,2,2,3,3]}}"""u8.ToArray()]);

        Assert.EndsWith("\r\na.jpg,5,5,ok,1.000,1.000,2.000,2.000,3.000,3.000,,,,,,,,20261123-1,cda72e85a15ba6140\r\n", await ReadAsync(folder.Path, ResultFiles.Csv), StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_a_batch_is_cut_the_files_are_the_same()
    {
        using var one = TestFolder.Create("results");
        using var three = TestFolder.Create("results");
        BatchSummary summary = await MergeAsync(one.Path, Results);
        await MergeAsync(three.Path, Results[..2], Results[2..2], Results[2..]);
        foreach (string file in Directory.EnumerateFiles(one.Path, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(one.Path, file);
            Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(three.Path, name), TestContext.Current.CancellationToken));
        }

        Assert.Equal((5, 3, 2, 3), (summary.Images, summary.Succeeded, summary.Failed, summary.Overlays));
        Assert.Equal(2.5, summary.Seconds);
        string json = await ReadAsync(one.Path, ResultFiles.Summary);
        Assert.Equal(summary, PipelineJson.Read<BatchSummary>(json));
    }

    [Fact]
    public async Task Summary_and_report_name_keypoints_that_the_model_does_not_predict()
    {
        using var folder = TestFolder.Create("results");

        await MergeAsync(folder.Path, new LabelGaps(["nose"], []), Results);

        Assert.Equal(["nose"], PipelineJson.Read<BatchSummary>(await ReadAsync(folder.Path, ResultFiles.Summary)).Gaps!.Unlabelled);
        Assert.Contains("No row labels nose", await ReadAsync(folder.Path, ResultFiles.Report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_escapes_names_and_needs_no_network()
    {
        using var folder = TestFolder.Create("results");
        await MergeAsync(folder.Path, Results);
        string html = await ReadAsync(folder.Path, ResultFiles.Report);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;.jpg", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<title>left eye (1.5, 2.0)</title>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.All(Hrefs(html), href => Assert.True(
            href.StartsWith("data:image/jpeg;base64,", StringComparison.Ordinal) || href.StartsWith("overlays/", StringComparison.Ordinal)
            || href is ResultFiles.Csv or ResultFiles.JsonLines or ResultFiles.Coco or ResultFiles.Errors, href));
    }

    [Fact]
    public async Task A_batch_of_100000_images_has_a_small_report()
    {
        const int Count = 100_000;
        var sample = new OverlaySample(Count);
        byte[] jpeg = new byte[9_000];
        using var chunk = new MemoryStream();
        for (int n = 0; n < Count; n++)
        {
            var result = n % 7 == 3
                ? new ImageResult($"image {n}", null, null, null, "The file is empty.")
                : new ImageResult($"image {n}", 640, 480, [1, 2, 3, 4, 5, 6], null, [1, 2, 3]);
            bool drawn = result.Succeeded && sample.HasThumbnail(n);
            chunk.Write(JsonSerializer.SerializeToUtf8Bytes(
                new ChunkLine(result, drawn ? "overlays/x.jpg" : null, drawn ? new Thumbnail(240, 180, jpeg) : null), PipelineJson.Compact));
            chunk.WriteByte((byte)'\n');
        }

        using var folder = TestFolder.Create("results");
        BatchSummary summary = await MergeChunksAsync(folder.Path, LabelGaps.None, [chunk.ToArray()]);

        Assert.Equal(Count, summary.Images);
        long size = new FileInfo(Path.Combine(folder.Path, ResultFiles.Report)).Length;
        Assert.InRange(size, 500_000, 1_500_000);
        string html = await ReadAsync(folder.Path, ResultFiles.Report);
        Assert.Contains("images with keypoints, evenly spread over the batch", html, StringComparison.Ordinal);
        Assert.Contains("The first 200 of 14,286", html, StringComparison.Ordinal);
        Assert.Equal(Count + 1, File.ReadLines(Path.Combine(folder.Path, ResultFiles.Csv)).Count());
        Assert.Equal(LabelRanking.MaximumImages + 1, File.ReadLines(Path.Combine(folder.Path, ResultFiles.LabelNext)).Count());
        Assert.Contains("The 10,000 least certain: <a", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_batch_has_whole_results()
    {
        using var folder = TestFolder.Create("results");
        BatchSummary summary = await MergeAsync(folder.Path, []);
        Assert.Equal((0, 0, 0), (summary.Images, summary.Succeeded, summary.Failed));
        Assert.Contains("held no images", await ReadAsync(folder.Path, ResultFiles.Report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"result\":{\"image\":\"a\"")]
    [InlineData("{\"result\":{\"image\":\"a\",\"width\":5,\"height\":5,\"keypoints\":[1,2]}}")]
    [InlineData("{\"result\":{\"image\":\"a\",\"width\":5,\"height\":5,\"keypoints\":[1,2,3,4,5,6],\"uncertainty\":[1]}}")]
    [InlineData("{}")]
    public async Task A_chunk_with_a_torn_line_is_named_and_leaves_no_results(string line)
    {
        using var folder = TestFolder.Create("results");
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => MergeChunksAsync(folder.Path, LabelGaps.None, [Encoding.UTF8.GetBytes(line)]));
        Assert.StartsWith("Chunk 0 of batch 'holiday <1>', line 1", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Statuses_and_counts_tell_doubtful_faces_and_images_without_a_face()
    {
        using var folder = TestFolder.Create("results");
        BatchSummary summary = await MergeAsync(
            folder.Path,
            [
                new ImageResult("a.jpg", 100, 80, [1.5, 2, 70.125, -3.25, null, null], null) { Face = 1, IsDoubtful = true },
                new ImageResult("sea.jpg", 100, 80, null, "no face found") { Face = 1, IsWithoutFace = true },
                new ImageResult("bad.jpg", null, null, null, "The file is empty."),
            ]);

        Assert.Equal((3, 1, 2), (summary.Images, summary.Succeeded, summary.Failed));
        Assert.Equal((1, 1, null), (summary.WithoutFace, summary.Doubtful, summary.WithoutPlace));
        Assert.Equal(
            [
                "No face was found in 1 of 3 images (status 'no face found'). They have no keypoints and count as failed.",
                "1 of 1 predicted instances are doubtful (status 'doubtful'): the model is too uncertain, and the points may be wrong.",
            ],
            summary.Notes!);
        string[] rows = (await ReadAsync(folder.Path, ResultFiles.Csv)).Split("\r\n");
        Assert.StartsWith("a.jpg,100,80,doubtful,1.500,", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("sea.jpg,100,80,no face found,,", rows[2], StringComparison.Ordinal);
        Assert.Equal("image,reason\r\nsea.jpg,no face found\r\nbad.jpg,The file is empty.\r\n", await ReadAsync(folder.Path, ResultFiles.Errors));
        Assert.Contains("\"withoutFace\": 1", await ReadAsync(folder.Path, ResultFiles.Summary), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Hrefs(string html) =>
        html.Split("href=\"").Skip(1).Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)]);
}
