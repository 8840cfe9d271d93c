using System.Text.Json;
using KeypointPipeline.Formats.Coco;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Results.Tables;
using KeypointPipeline.Sources;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results.Tables;

/// <summary>Results as labels that other tools open, and that come back.</summary>
public sealed class CocoTableTests : IDisposable
{
    private static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "nose"], 16, 16);
    private readonly TemporaryFolder _folder = TestFolder.Create("coco-table");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_faces_of_an_image_are_its_annotations_and_failed_images_are_left_out()
    {
        await WriteAsync(
            new ImageResult("sub/a \"1\".jpg", 100, 80, [1.5, 2, 70.125, -3.25, null, null], null) { Face = 1, Instance = "5a1c0c2f9be37d44-1", Box = new PictureBox(-0.5, 1, 4, 3.25) },
            new ImageResult("sub/a \"1\".jpg", 100, 80, [5, 6, 7, 8, 9, 10], null) { Face = 2, Instance = "5a1c0c2f9be37d44-2" },
            new ImageResult("bad.jpg", null, null, null, "The file is empty."),
            new ImageResult("ü.png", 7, 9, [1, 2, 3, 4, 5, 6], null));

        using JsonDocument file = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File(ResultFiles.Coco), Cancel));
        JsonElement[] images = [.. file.RootElement.GetProperty("images").EnumerateArray()];
        JsonElement[] annotations = [.. file.RootElement.GetProperty("annotations").EnumerateArray()];

        Assert.Equal(["sub/a \"1\".jpg", "ü.png"], images.Select(image => image.GetProperty("file_name").GetString()));
        Assert.Equal((100, 80), (images[0].GetProperty("width").GetInt32(), images[0].GetProperty("height").GetInt32()));
        Assert.Equal([1, 1, 2], annotations.Select(annotation => annotation.GetProperty("image_id").GetInt32()));
        Assert.Equal("[1.5,2,2,70.125,-3.25,2,0,0,0]", annotations[0].GetProperty("keypoints").GetRawText());
        Assert.Equal("[-0.5,1,4,3.25]", annotations[0].GetProperty("bbox").GetRawText());
        Assert.Equal("20261123-1", annotations[0].GetProperty("origin").GetString());
        Assert.Equal("cf2b943b40b43318e", annotations[0].GetProperty("checksum").GetString());
        Assert.Equal("5a1c0c2f9be37d44-2", annotations[1].GetProperty("instance").GetString());
        Assert.False(annotations[1].TryGetProperty("score", out _));
    }

    [Fact]
    public async Task An_image_without_a_face_is_there_to_be_labelled()
    {
        await WriteAsync(
            new ImageResult("sea.jpg", 100, 80, null, "no face found") { Face = 1, IsWithoutFace = true },
            new ImageResult("a.jpg", 7, 9, [1, 2, 3, 4, 5, 6], null));

        using JsonDocument file = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File(ResultFiles.Coco), Cancel));

        Assert.Equal(["sea.jpg", "a.jpg"], file.RootElement.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("file_name").GetString()));
        Assert.Equal(1, file.RootElement.GetProperty("annotations").GetArrayLength());
    }

    [Fact]
    public async Task A_result_that_is_read_as_labels_is_an_unchanged_prediction()
    {
        await WriteAsync(
            new ImageResult("a.jpg", 9_000, 9_000, [8_999.999, 0.001, null, null, 4_000.4, 7], null) { Instance = "5a1c0c2f9be37d44-1", Box = new PictureBox(1, 2, 3, 4) },
            new ImageResult("b.jpg", 100, 80, [1.5, 2, 70.125, -3.25, 3, 4], null));

        await using FolderFileSet set = FolderFileSet.Open(_folder.Path);
        await using LabelReader reader = await new CocoFormat().OpenAsync(set, [set.Find(ResultFiles.Coco)!], Cancel);
        LabelledInstance[] instances = [.. (await reader.ReadAsync(Cancel).ToListAsync(Cancel)).SelectMany(picture => picture.Instances)];

        Assert.Equal(Schema.Names, reader.Keypoints);
        Assert.Equal(2, instances.Length);
        Assert.All(instances, instance => Assert.True(PredictionChecksum.IsUnchanged(instance.Origin, instance.Checksum, instance.Points)));
        Assert.Equal("5a1c0c2f9be37d44-1", instances[0].Id);
        Assert.Equal(new PictureBox(1, 2, 3, 4), instances[0].Box);
        Assert.Null(instances[1].Box);
    }

    [Fact]
    public async Task The_score_is_the_similarity_that_the_uncertainty_lets_expect()
    {
        // Area 2,500 and κ = 0.1: an uncertainty of 5 pixels halves the term of a point.
        await WriteAsync(
            new ImageResult("a.jpg", 100, 80, [1, 2, 3, 4, 5, 6], null, [0, 5, null]) { Box = new PictureBox(0, 0, 50, 50) },
            new ImageResult("b.jpg", 100, 80, [0, 0, 49, 49, null, null], null, [5, 5, 5]),
            new ImageResult("c.jpg", 100, 80, [0, 0, 49, 49, 1, 1], null, [null, null, null]));

        using JsonDocument file = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File(ResultFiles.Coco), Cancel));

        Assert.Equal(
            [0.75, 0.5, null],
            file.RootElement.GetProperty("annotations").EnumerateArray()
                .Select(annotation => annotation.TryGetProperty("score", out JsonElement score) ? score.GetDouble() : (double?)null));
    }

    [Fact]
    public async Task Without_a_commit_there_is_no_file()
    {
        await using (var table = new CocoTable(new FolderResultStore(_folder.Path), ResultFiles.Coco, Schema))
            await table.AddAsync(new ImageResult("b.jpg", 100, 80, [1, 2, 3, 4, 5, 6], null), new RowOrigin("v1", "c0"), Cancel);

        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private async Task WriteAsync(params ImageResult[] results)
    {
        await using var table = new CocoTable(new FolderResultStore(_folder.Path), ResultFiles.Coco, Schema);
        foreach (ImageResult result in results)
            await table.AddAsync(result, result.Succeeded ? new RowOrigin("20261123-1", PredictionChecksum.Of(result.Keypoints!)) : null, Cancel);
        await table.CommitAsync(Cancel);
    }
}
