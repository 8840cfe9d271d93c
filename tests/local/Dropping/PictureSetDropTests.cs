using System.Text.Json;
using KeypointPipeline.Local.Dropping;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Local.Tests.Dropping;

/// <summary>Labels whose pictures are files are dropped with these pictures alone, and the instance that their marker starts prepares them.</summary>
public sealed class PictureSetDropTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Pictures = 6;
    private readonly TemporaryFolder _folder = TestFolder.Create("picture sets");
    private TestStorage _account = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PipelineStorage Storage => _account.Storage;

    [Fact]
    public async Task A_folder_gives_label_file_sidecar_and_the_named_pictures_and_its_instance_prepares_it()
    {
        string folder = await WriteCocoAsync("people");

        DroppedItem item = await new Dropper(Storage).DropAsync(folder, name: null, progress: null, Cancel);

        string[] expected = ["annotations/coco.json", "keypoints.json", .. Enumerable.Range(0, Pictures).Select(i => $"images/{i}.png")];
        Assert.Equal((DroppedKind.Dataset, "people/", expected.Length), (item.Kind, item.Name, item.Files));
        Assert.Equal([.. expected.Append(BlobLayout.ReadyMarker).Select(name => $"people/{name}").Order(StringComparer.Ordinal)], await ListAsync());
        Assert.Equal(["1 pictures that no label names."], item.LeftOut);
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await ReadyList.ReadAsync(Storage, BlobLayout.Datasets, "people/_READY", etag: null, Cancel))!.Order(StringComparer.Ordinal));
        string etag = $"{await Storage.FindETagAsync(BlobLayout.Datasets, "people/_READY", Cancel)}";
        Assert.Equal(InstanceIds.Ingest("people/", etag), item.InstanceId);

        PrepareDatasetOutput prepared = await PrepareAsync("people/", etag);
        Assert.Equal((null, (long)Pictures, 0L), (prepared.Reason, prepared.RowsAccepted, prepared.RowsRejected));
        Assert.Equal("no mirror pairs, as stated: nothing is mirrored", prepared.Mirror);
    }

    [Fact]
    public async Task The_marker_comes_after_every_other_file()
    {
        string folder = await WriteCocoAsync("people");
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_account, Cancel);

        await new Dropper(proxy.Open()).DropAsync(folder, name: null, progress: null, Cancel);

        StorageRequest[] written = [.. proxy.Seen.Select(seen => seen.Request).Where(request => request.Method == "PUT" && request.Container == BlobLayout.Datasets)];
        Assert.Equal("people/_READY", written[^1].Blob);
        Assert.Single(written, request => request.Blob == "people/_READY");
    }

    [Fact]
    public async Task A_single_label_file_takes_its_pictures_along()
    {
        string folder = await WriteCocoAsync("people");
        await File.WriteAllTextAsync(Path.Combine(folder, "labels.csv"), "image,nose_x,nose_y\nimages/1.png,5,6\nimages/2.png,7,8\n", Cancel);

        DroppedItem item = await new Dropper(Storage).DropAsync(Path.Combine(folder, "labels.csv"), "two", progress: null, Cancel);

        Assert.Equal((DroppedKind.Dataset, "two/"), (item.Kind, item.Name));
        Assert.Equal(["two/_READY", "two/images/1.png", "two/images/2.png", "two/keypoints.json", "two/labels.csv"], await ListAsync());
        PrepareDatasetOutput prepared = await PrepareAsync("two/", $"{await Storage.FindETagAsync(BlobLayout.Datasets, "two/_READY", Cancel)}");
        Assert.Equal((null, 2L), (prepared.Reason, prepared.RowsAccepted));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_stored_under_its_name_is_named_before_anything_is_dropped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        string folder = _folder.File("people");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "bell\u0007.png"), Picture(0), Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "labels.csv"), "image,nose_x,nose_y\nbell\u0007.png,5,6\n", Cancel);

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => new Dropper(Storage).DropAsync(folder, name: null, progress: null, Cancel));

        Assert.Contains("cannot be stored: its name contains a control character", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await ListAsync());
    }

    public async ValueTask InitializeAsync() => _account = await azurite.NewStorageAsync(Cancel);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Picture(int i)
    {
        using var bitmap = new SKBitmap(48, 40);
        bitmap.Erase(new SKColor((byte)(40 * i), 100, 100));
        for (int x = 0; x < 10; x++)
            bitmap.SetPixel(10 + i, 10 + x, SKColors.White);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A COCO file, a sidecar, six pictures that it names, one that it does not, and notes.</summary>
    private async Task<string> WriteCocoAsync(string name)
    {
        string folder = _folder.File(name);
        Directory.CreateDirectory(Path.Combine(folder, "annotations"));
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        for (int i = 0; i <= Pictures; i++)
            await File.WriteAllBytesAsync(Path.Combine(folder, "images", $"{i}.png"), Picture(i), Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "notes", Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "readme.md"), "notes", Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "keypoints.json"), """{"mirror": "none"}""", Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "annotations", "coco.json"), JsonSerializer.Serialize(new
        {
            images = Enumerable.Range(0, Pictures).Select(i => new { id = i + 1, file_name = $"{i}.png", width = 48, height = 40 }),
            categories = new[] { new { id = 1, name = "person", keypoints = (string[])["nose", "eye"] } },
            annotations = Enumerable.Range(0, Pictures).Select(i => new { id = i + 1, image_id = i + 1, category_id = 1, keypoints = (int[])[10 + i, 12, 2, 20, 22, 2] }),
        }), Cancel);
        return folder;
    }

    private async Task<PrepareDatasetOutput> PrepareAsync(string path, string etag)
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Storage)
            .AddSingleton(new WorkFolder(_folder.File("work"), _folder.File("trainers")))
            .AddSingleton(new TrainingSettings())
            .AddPipelineSteps()
            .BuildServiceProvider();
        return await services.GetRequiredService<PrepareDataset>().RunAsync(new PrepareDatasetInput(path, etag), Cancel);
    }

    private async Task<List<string>> ListAsync() =>
        await Storage.ListAsync(BlobLayout.Datasets, prefix: null, Cancel).Select(blob => blob.Name).ToListAsync(Cancel);
}
