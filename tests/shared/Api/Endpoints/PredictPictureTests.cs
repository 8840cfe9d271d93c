using System.Text;
using KeypointPipeline.Api;
using KeypointPipeline.Api.Endpoints.Pictures;
using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Api.Endpoints;

public sealed class PredictPictureTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly KeypointSchema Schema = new(["spot"], 16, 16);
    private static readonly byte[] Picture = TestImages.Encode(200, 120, TestImages.Spot(40, 60, 5), SKEncodedImageFormat.Png);

    private readonly TemporaryFolder _folder = TestFolder.Create("predict");
    private readonly Finders _finders = new();
    private PipelineStorage _storage = null!;
    private ModelRegistry _models = null!;
    private ModelCache _cache = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _storage = (await azurite.NewStorageAsync(Cancel)).Storage;
        _models = new ModelRegistry(_storage, TimeProvider.System);
        _cache = new ModelCache(_models, new WorkFolder(_folder.Path));
    }

    public ValueTask DisposeAsync()
    {
        _cache.Dispose();
        _finders.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_champion_predicts_the_picture()
    {
        await PublishAsync("v1", TinyOnnxModel.Centroid(Schema));
        await _models.PromoteAsync("v1", "a test", Cancel);

        PicturePrediction answer = await PredictAsync("");

        Assert.Equal((200, 120, "v1", FinderKind.Whole), (answer.Width, answer.Height, answer.ModelVersion, answer.Finder));
        Assert.Null(answer.Reason);
        Assert.Equal(["spot"], answer.Keypoints);
        PictureFace face = Assert.Single(answer.Faces);
        Assert.Equal((1, "ok", $"{InstanceId.Hash(Picture)}-1"), (face.Face, face.Status, face.Instance));
        Assert.Equal([40, 60], face.Points![0]!, (expected, actual) => Math.Abs(expected - actual) < 1);
        Assert.Null(face.Uncertainty);
        Assert.Null(face.Box);
    }

    [Fact]
    public async Task A_version_and_a_finder_can_be_chosen()
    {
        await PublishAsync("v1", TinyOnnxModel.Centroid(Schema));
        await PublishAsync("v2", TinyOnnxModel.Constant(Schema, 0, 0));
        await _models.PromoteAsync("v1", "a test", Cancel);

        PicturePrediction answer = await PredictAsync("version=v2&finder=boxes");

        Assert.Equal(("v2", FinderKind.Boxes), (answer.ModelVersion, answer.Finder));
        // Nobody stated a box, so the whole picture was used.
        Assert.Equal("whole", Assert.Single(answer.Faces).Status);
        Assert.Equal(FinderKind.Boxes, (await PredictAsync("", host: FinderKind.Boxes)).Finder);
        Assert.Equal(FinderKind.Whole, (await PredictAsync("finder=whole", host: FinderKind.Boxes)).Finder);
    }

    [Theory]
    [InlineData("version=v9", 404, "'v9' is not published; GET /api/models lists the versions.")]
    [InlineData("version=..", 404, "'..' is not published")]
    [InlineData("", 409, "No model is champion yet. Train one, or name a version: version=VERSION (GET /api/models lists them).")]
    [InlineData("finder=cats", 400, "finder=cats: expected whole, boxes or faces.")]
    public async Task What_cannot_be_chosen_is_a_problem(string query, int status, string detail)
    {
        await PublishAsync("v1", TinyOnnxModel.Centroid(Schema));

        await AssertProblemAsync(query, Picture, status, detail);
    }

    [Fact]
    public async Task A_picture_is_refused_as_in_a_batch_with_the_status_of_the_reason()
    {
        await PublishAsync("v1", TinyOnnxModel.Centroid(Schema));
        await _models.PromoteAsync("v1", "a test", Cancel);

        await AssertProblemAsync("", [], 422, "The file is empty.");
        await AssertProblemAsync("", Encoding.UTF8.GetBytes("{\"image\":\"me.jpg\"}"), 415, "Send the bytes of a JPEG, PNG, WebP, BMP, PGM or PPM file as the body.");
        await AssertProblemAsync("", Encoding.UTF8.GetBytes("%PDF-1.7 and so on"), 415, "PDF");
        await AssertProblemAsync("", Picture[..^40], 422, "cut off");
        await AssertProblemAsync("", TestImages.Png(20_000, 6_000, 1, 0, new byte[2_500]), 422, "20000×6000");
        await AssertProblemAsync("", Picture, 413, "Reduce the picture", new ImageDecoder(new ImageLimits(Picture.Length - 1)));
    }

    [Fact]
    public void The_file_may_be_as_large_as_in_a_batch() =>
        Assert.Equal(ImageLimits.LargestFile, ImageLimits.Default.MaximumBytes);

    private async Task<PicturePrediction> PredictAsync(string query, FinderKind? host = null)
    {
        ApiAnswer answer = await AnswerAsync(query, Picture, new ImageDecoder(), host);
        Assert.Equal(200, answer.Status);
        return (PicturePrediction)answer.Body;
    }

    private async Task AssertProblemAsync(string query, byte[] body, int status, string detail, ImageDecoder? decoder = null)
    {
        var problem = (await Assert.ThrowsAsync<ApiProblemException>(() => AnswerAsync(query, body, decoder ?? new ImageDecoder(), host: null))).Problem;
        Assert.Equal(status, problem.Status);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    private async Task<ApiAnswer> AnswerAsync(string query, byte[] body, ImageDecoder decoder, FinderKind? host)
    {
        using var endpoint = new PredictPicture(_models, _cache, decoder, _finders, host is null ? null : new HostFinder(host));
        Dictionary<string, string> values = query.Length == 0 ? [] : query.Split('&').Select(value => value.Split('=')).ToDictionary(value => value[0], value => value[1]);
        return await endpoint.AnswerAsync(
            new ApiCall(new StartRecorder(), _ => throw new NotSupportedException(), new Dictionary<string, string>(), values, new ForwardStream(body)), Cancel);
    }

    private async Task PublishAsync(string version, byte[] model)
    {
        string path = _folder.File($"{version}.onnx");
        await File.WriteAllBytesAsync(path, model, Cancel);
        await _models.PublishAsync(ModelExamples.Manifest(version, model, schema: Schema), path, Cancel);
    }
}
