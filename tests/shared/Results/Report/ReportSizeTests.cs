using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Overlays;
using KeypointPipeline.Results.Report;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results.Report;

public sealed class ReportSizeTests
{
    private const int Limit = 20_000_000;

    [Fact]
    public void Sixty_pictures_of_noise_with_the_longest_blob_names_and_68_keypoints_are_all_shown()
    {
        string html = Create(keypoints: 68, nameLength: 1_024, jpegBytes: 60_000);

        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1_000_000, Limit);
        Assert.Equal(OverlaySample.MaximumThumbnails, Count(html, "<figure "));
        Assert.Contains("evenly spread over the batch", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(68, 65_000, 60_000)]
    [InlineData(20_000, 100, 60_000)]
    [InlineData(1_000, 65_000, 400_000)]
    public void Whatever_the_images_and_keypoints_are_the_page_stays_small_and_says_what_it_leaves_out(int keypoints, int nameLength, int jpegBytes)
    {
        string html = Create(keypoints, nameLength, jpegBytes);

        Assert.InRange(Encoding.UTF8.GetByteCount(html), 0, Limit);
        int shown = Count(html, "<figure ");
        Assert.InRange(shown, 1, OverlaySample.MaximumThumbnails - 1);
        Assert.Contains($"{shown} of 1,000,000 images with keypoints. Others are left out, because the page would be too large.", html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
        if (keypoints > 1_000)
            Assert.Contains("The first 1,000 of 20,000 keypoints are drawn.", html, StringComparison.Ordinal);
    }

    private static int Count(string html, string part) => html.Split(part).Length - 1;

    /// <summary>A report of names whose characters all need an escape.</summary>
    private static string Create(int keypoints, int nameLength, int jpegBytes)
    {
        var schema = new KeypointSchema([.. Enumerable.Range(0, keypoints).Select(k => $"point{k:00000}{new string('x', 85)}")], 96, 96);
        string name = new('"', nameLength);
        var content = new ReportContent();
        double?[] points = [.. Enumerable.Range(0, 2 * keypoints).Select(i => (double?)(i % 640))];
        var result = new ImageResult(name, 640, 640, points, null);
        for (int n = 0; n < OverlaySample.MaximumThumbnails; n++)
            content.Add(new ChunkLine(result, ResultFiles.Overlay(n, name), new Thumbnail(240, 240, new byte[jpegBytes])));
        for (int n = 0; n < ReportContent.MaximumFailures; n++)
            content.Add(new ChunkLine(new ImageResult(name, null, null, null, "The file is empty."), null, null));
        var summary = new BatchSummary(
            new string('&', 200), "v1", 2_000_000, 1_000_000, 1_000_000, 200, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0, schema);
        UncertainImage[] labelNext = [.. Enumerable.Repeat(new UncertainImage(name, 1, schema.Names[0], 1), 10)];
        return ReportPage.Create(summary, content, labelNext, ranked: 1_000_000);
    }
}
