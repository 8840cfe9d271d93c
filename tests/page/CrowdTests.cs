using System.Globalization;
using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Storage;
using Microsoft.Playwright;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Page.Tests;

/// <summary>A picture with very many faces.</summary>
public sealed class CrowdTests(Browser browser, SmallHost small)
{
    private const int Faces = 200;
    private const string Batch = "crowd";
    private const string Image = "<b>crowd</b>.jpg";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_200_faces_of_a_picture_have_their_points()
    {
        LocalHost host = await small.HostAsync(Cancel);
        await WriteAsync(host.Storage);
        await using Window window = await browser.OpenAsync(host.Url);
        await window.GoAsync($"batches/{Batch}", Batch);

        ILocator tile = window.Page.Locator("button.tile");
        await Assertions.Expect(tile).ToContainTextAsync("200 faces, 1 doubtful");
        await Assertions.Expect(window.Section("Summary")).ToContainTextAsync("Doubtful faces1");
        await Assertions.Expect(tile.Locator("circle")).ToHaveCountAsync(Faces);
        await Assertions.Expect(tile).ToContainTextAsync(Image);
        await tile.ClickAsync();
        await Assertions.Expect(window.Page.Locator("dialog.zoom circle")).ToHaveCountAsync(Faces);
        await window.Page.Locator("dialog.zoom").GetByRole(AriaRole.Button, new() { Name = "Larger" }).ClickAsync();
        await window.AssertSoundAsync();
    }

    private static async Task WriteAsync(PipelineStorage storage)
    {
        using var bitmap = new SKBitmap(800, 400);
        bitmap.Erase(SKColors.SteelBlue);
        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        await storage.Blob(BlobLayout.Images, $"{Batch}/{Image}").UploadAsync(BinaryData.FromBytes(jpeg.ToArray()), overwrite: true, Cancel);
        var lines = new StringBuilder();
        for (int i = 0; i < Faces; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $$$"""{"image":"{{{Image}}}","status":"{{{(i == 0 ? "doubtful" : "ok")}}}","width":800,"height":400,"keypoints":{"nose":[{{{20 + (i % 20 * 40)}}},{{{20 + (i / 20 * 36)}}}]},"error":null,"face":{{{i + 1}}},"instance":null,"box":null,"angle":null,"origin":"v1","checksum":null}""")
                .Append('\n');
        }

        await storage.Blob(BlobLayout.Results, $"{Batch}/{ResultFiles.JsonLines}").UploadAsync(BinaryData.FromString(lines.ToString()), overwrite: true, Cancel);
        var summary = new BatchSummary(
            Batch, "v1", 1, 1, 0, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, new KeypointSchema(["nose"], 96, 96))
        { Instances = Faces, Doubtful = 1 };
        await storage.Blob(BlobLayout.Results, $"{Batch}/{ResultFiles.Summary}")
            .UploadAsync(BinaryData.FromObjectAsJson(summary, PipelineJson.Compact), overwrite: true, Cancel);
    }
}
