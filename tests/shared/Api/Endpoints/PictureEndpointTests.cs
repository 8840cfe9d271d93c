using System.IO.Compression;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints.Pictures;
using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Results;
using KeypointPipeline.Serialization;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

/// <summary>The gallery of a batch: its pictures in order, why pictures failed, and thumbnails.</summary>
public sealed class PictureEndpointTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly byte[] Picture = TestImages.Encode(300, 200, TestImages.Spot(150, 100, 40), SKEncodedImageFormat.Jpeg);
    private PipelineStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pictures_come_in_the_batchs_order_with_all_their_faces()
    {
        await WriteResultsAsync(Line("a.jpg", 1, 0.5), Line("a.jpg", 2, 0.6), Line("<b>ü\".jpg", 1, 3), Failed("c.jpg", "no image"));

        PictureList list = await ListAsync("order=name");

        Assert.Equal(["left_eye", "right_eye", "nose"], list.Keypoints);
        Assert.Equal((3, null), (list.Total, list.Note));
        Assert.Equal(["a.jpg", "<b>ü\".jpg", "c.jpg"], list.Pictures.Select(picture => picture.Image));
        Assert.Equal([2, 1, 0], list.Pictures.Select(picture => picture.Faces.Count));
        PictureFace face = list.Pictures[0].Faces[1];
        Assert.Equal(("ok", 2, "id2"), (face.Status, face.Face, face.Instance));
        Assert.Equal([10.0, 20.0], face.Points![0]!);
        Assert.Null(face.Points[2]);
        Assert.Equal([0.6, 0.6, null], face.Uncertainty!);
        Assert.Equal("no image", list.Pictures[2].Error);
    }

    [Fact]
    public async Task The_least_certain_picture_comes_first_when_doubt_orders_them()
    {
        await WriteResultsAsync(Line("sure.jpg", 1, 0.5), Line("doubtful.jpg", 1, 5), Line("half.jpg", 1, 0.1), Line("half.jpg", 2, 2));

        PictureList list = await ListAsync("order=doubt");

        Assert.Equal(["doubtful.jpg", "half.jpg", "sure.jpg"], list.Pictures.Select(picture => picture.Image));
        Assert.True(list.Pictures[0].Doubt > list.Pictures[1].Doubt && list.Pictures[1].Doubt > list.Pictures[2].Doubt);
    }

    [Fact]
    public async Task Pages_give_every_picture_once()
    {
        await WriteResultsAsync([.. Enumerable.Range(0, 7).Select(i => Line($"{i}.jpg", 1, i))]);
        var found = new List<string>();
        string? token = null;
        do
        {
            ApiAnswer answer = await CallAsync(new ListPictures(new BatchGallery(_storage)), ["may"], "order=doubt&top=3", token);
            found.AddRange(((PictureList)answer.Body).Pictures.Select(picture => picture.Image));
            token = answer.Headers.GetValueOrDefault(ContinuationToken.Header);
        }
        while (token is not null);

        Assert.Equal(["6.jpg", "5.jpg", "4.jpg", "3.jpg", "2.jpg", "1.jpg", "0.jpg"], found);
    }

    [Fact]
    public async Task Pictures_that_failed_are_grouped_by_their_reason_whatever_the_numbers_in_it()
    {
        await WriteResultsAsync(
            Failed("a.jpg", "The file has 70,000,000 bytes."), Line("b.jpg", 1, 1), Failed("c.jpg", "The file has 80,000,000 bytes."), Failed("d.jpg", "It is no picture."));

        var errors = (BatchErrors)(await CallAsync(new ListBatchErrors(new BatchGallery(_storage)), ["may"])).Body;

        Assert.Equal([("The file has 70,000,000 bytes.", 2), ("It is no picture.", 1)], errors.Groups.Select(group => (group.Reason, group.Pictures)));
        Assert.Equal(["a.jpg", "c.jpg"], errors.Groups[0].Examples);
        Assert.Equal(["a.jpg", "c.jpg", "d.jpg"], (await ListAsync("order=failed")).Pictures.Select(picture => picture.Image));
    }

    [Fact]
    public async Task New_results_are_seen_at_once()
    {
        var gallery = new BatchGallery(_storage);
        await WriteResultsAsync(Line("a.jpg", 1, 1));
        Assert.Equal(1, ((PictureList)(await CallAsync(new ListPictures(gallery), ["may"])).Body).Total);

        await WriteResultsAsync(Line("a.jpg", 1, 1), Line("b.jpg", 1, 1));

        Assert.Equal(2, ((PictureList)(await CallAsync(new ListPictures(gallery), ["may"])).Body).Total);
    }

    [Theory]
    [InlineData("none", "", 404)]
    [InlineData("a/b", "", 400)]
    [InlineData("may", "order=random", 400)]
    [InlineData("may", "top=0", 400)]
    public async Task A_wrong_request_for_pictures_is_a_problem(string batch, string query, int status)
    {
        await WriteResultsAsync(Line("a.jpg", 1, 1));

        var e = await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(new ListPictures(new BatchGallery(_storage)), [batch], query));

        Assert.Equal(status, e.Problem.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thumbnail_has_the_stated_size_and_a_copy_that_is_right_is_not_made_again(bool zip)
    {
        await DropAsync(zip, "in a folder/ü.jpg", Picture);
        using var pictures = new BatchPictures(_storage, new ImageDecoder());
        var endpoint = new ReadThumbnail(pictures);

        var file = (ApiFile)(await CallAsync(endpoint, ["may", "in a folder/ü.jpg"], "size=30")).Body;

        using SKBitmap thumbnail = SKBitmap.Decode(file.Content);
        Assert.Equal((30, 20, "image/jpeg"), (thumbnail.Width, thumbnail.Height, file.ContentType));
        Assert.Equal(304, (await CallAsync(endpoint, ["may", "in a folder/ü.jpg"], "size=30", known: $"\"x\", {file.ETag}")).Status);
        Assert.Equal(200, (await CallAsync(endpoint, ["may", "in a folder/ü.jpg"], "size=40", known: file.ETag)).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(endpoint, ["may", "other.jpg"]))).Problem.Status);
    }

    [Theory]
    [InlineData("may", "../../models/champion.json", "", 404)]
    [InlineData("may", "a.jpg", "size=4000", 400)]
    [InlineData("may", "a.jpg", "", 422)]
    public async Task A_picture_that_cannot_be_shown_is_a_problem(string batch, string image, string query, int status)
    {
        await DropAsync(zip: false, "a.jpg", "no picture"u8.ToArray());
        using var pictures = new BatchPictures(_storage, new ImageDecoder());

        var e = await Assert.ThrowsAsync<ApiProblemException>(() => CallAsync(new ReadThumbnail(pictures), [batch, image], query));

        Assert.Equal(status, e.Problem.Status);
    }

    public async ValueTask InitializeAsync() => _storage = (await azurite.NewStorageAsync(Cancel)).Storage;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Line(string image, int face, double uncertainty) => PipelineJson.Write(new
    {
        image,
        status = "ok",
        width = 300,
        height = 200,
        keypoints = new Dictionary<string, double[]?> { ["left_eye"] = [10, 20], ["right_eye"] = [40, 20], ["nose"] = null },
        uncertainty = new double?[] { uncertainty, uncertainty, null },
        error = (string?)null,
        face,
        instance = $"id{face}",
        origin = "v1",
        checksum = "c",
    });

    private static string Failed(string image, string error) => PipelineJson.Write(new { image, status = "failed", error });

    private async Task WriteResultsAsync(params string[] lines)
    {
        await ResultExamples.WriteAsync(_storage, $"may/{ResultFiles.JsonLines}", string.Join('\n', lines) + "\n", Cancel);
        var summary = new BatchSummary(
            "may", "v1", 3, 3, 0, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, lines.Length, ModelExamples.Schema, LabelGaps.None);
        await ResultExamples.WriteAsync(_storage, $"may/{ResultFiles.Summary}", PipelineJson.Write(summary), Cancel);
    }

    private async Task DropAsync(bool zip, string name, byte[] content)
    {
        if (!zip)
        {
            await _storage.Blob(BlobLayout.Images, $"may/{name}").UploadAsync(BinaryData.FromBytes(content), overwrite: true, Cancel);
            return;
        }

        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using Stream entry = archive.CreateEntry(name).Open();
            await entry.WriteAsync(content, Cancel);
        }

        await _storage.Blob(BlobLayout.Images, "may.zip").UploadAsync(BinaryData.FromBytes(packed.ToArray()), overwrite: true, Cancel);
    }

    private async Task<PictureList> ListAsync(string query) =>
        (PictureList)(await CallAsync(new ListPictures(new BatchGallery(_storage)), ["may"], query)).Body;

    private static Task<ApiAnswer> CallAsync(IApiEndpoint endpoint, IReadOnlyList<string> values, string query = "", string? token = null, string? known = null) =>
        endpoint.CallAsync(values, query, [], new StartRecorder(), Cancel, token, known);
}
