using System.Text.Json;
using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Sources;
using KeypointPipeline.Steps.Ingest;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TestSupport.Faults;
using SkiaSharp;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Steps.Ingest;

/// <summary>Labels in storage whose pictures are files beside them.</summary>
public sealed class PictureIngestTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const int Pictures = 12;
    private readonly TemporaryFolder _folder = TestFolder.Create("picture sets");
    private DroppedDatasets _drops = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The files of a set: a table, and its pictures in a folder.</summary>
    private static (string Name, byte[] Content)[] Files =>
        [("labels.csv", Table(Pictures)), .. Enumerable.Range(0, Pictures).Select(i => ($"faces/{i}.png", Picture(i)))];

    [Fact]
    public async Task A_folder_of_blobs_gives_the_dataset_of_the_same_folder_of_this_machine_and_of_its_zip()
    {
        PreparationOutcome local = await PrepareLocallyAsync(Files);
        string id = local.Manifest!.DatasetId;

        PrepareDatasetOutput folder = await IngestFolderAsync("set/", Files);
        string zip = await _drops.AcceptAsync("set.zip", Packing.Zip(Files));

        Assert.Equal((id, (long)Pictures, 0L), (folder.DatasetId ?? folder.Reason, folder.RowsAccepted, folder.RowsRejected));
        Assert.Equal(id, zip);
        Assert.Equal([$"set.zip={id}", $"set/={id}"], (await _drops.InForceAsync()).Order(StringComparer.Ordinal));
        DatasetReport report = (await _drops.Storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{id}.json", Cancel))!.Value;
        Assert.Equal(((long)Pictures, local.Report.Framing!.Kind), (report.Pictures, report.Framing!.Kind));
        Assert.Equal(local.Report.Frame, report.Frame);
    }

    [Fact]
    public async Task States_places_and_pictures_are_stored_as_in_a_folder()
    {
        PreparationOutcome local = await PrepareLocallyAsync(Files);

        string id = (await IngestFolderAsync("set/", Files)).DatasetId!;

        (string File, string Blob)[] files =
        [
            (PreparedDatasetFiles.Images, "images-00000.u8"), (PreparedDatasetFiles.Keypoints, "keypoints-00000.f32"),
            (PreparedDatasetFiles.Rows, "rows-00000.u32"), (PreparedDatasetFiles.SplitKeys, "splits-00000.u64"),
            (PreparedDatasetFiles.ImageKeys, "image-keys-00000.u64"), (PreparedDatasetFiles.States, "states-00000.u8"),
            (PreparedDatasetFiles.Places, "places-00000.f64"), (PreparedDatasetFiles.Pictures, "pictures.jsonl"),
        ];
        foreach ((string file, string blob) in files)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder.File("prepared"), file), Cancel), await ContentAsync($"{id}/{blob}"));
        string[] names = await _drops.NamesAsync(BlobLayout.Prepared);
        Assert.Equal(files.Select(file => $"{id}/{file.Blob}").Append($"{id}/{PreparedDatasetFiles.Manifest}").Order(StringComparer.Ordinal), names);
        Assert.Equal(local.Manifest!.Framing!.Kind, (await _drops.Prepared.GetAsync(id, Cancel)).Framing!.Kind);
    }

    [Fact]
    public async Task A_marker_with_a_list_gives_the_same_dataset_whatever_else_lies_in_the_folder()
    {
        string id = (await PrepareLocallyAsync(Files)).Manifest!.DatasetId;
        await _drops.DropAsync("set/older.json", """{"images": [], "annotations": [], "categories": []}""");
        await _drops.DropAsync("set/faces/older.png", "no picture");

        PrepareDatasetOutput listed = await IngestFolderAsync("set/", Files, marker: string.Join('\n', Files.Select(file => file.Name)) + "\n");

        Assert.Equal(id, listed.DatasetId ?? listed.Reason);
    }

    [Theory]
    [InlineData("labels.csv", "image,nose_x,nose_y\nfaces/0.png,5,6\n")]
    [InlineData("CollectedData_a.csv", "scorer,a,a\nbodyparts,nose,nose\ncoords,x,y\nfaces/0.png,5,6\n")]
    [InlineData("points.csv", ",0,1,2,3\nfaces/0.png,5,6,7,8\n")]
    [InlineData("long.csv", "image,keypoint,x,y\nfaces/0.png,nose,5,6\n")]
    public async Task A_table_that_names_pictures_waits_for_the_marker_of_its_folder(string name, string table)
    {
        PrepareDatasetOutput waiting = await _drops.IngestAsync($"set/{name}", await _drops.DropAsync($"set/{name}", table));

        Assert.Equal((null, true), (waiting.DatasetId, waiting.Waits));
        Assert.Contains($"set/{name} waits for set/_READY", waiting.Reason, StringComparison.Ordinal);
        Assert.Empty(await _drops.NamesAsync(BlobLayout.Rejected));
        await _drops.DropAsync("set/faces/0.png", Picture(0));
        PrepareDatasetOutput complete = await _drops.IngestAsync("set/", await _drops.DropAsync("set/_READY", ""));
        Assert.Equal((null, 1L), (complete.Reason, complete.RowsAccepted));
    }

    [Fact]
    public async Task A_table_that_names_pictures_and_lies_in_no_folder_is_refused_with_the_advice_to_put_it_beside_them()
    {
        PrepareDatasetOutput refused = await _drops.IngestAsync("labels.csv", await _drops.DropAsync("labels.csv", Table(Pictures)));

        Assert.Equal((null, false), (refused.DatasetId, refused.Waits));
        Assert.Contains("into a folder, datasets/{name}/, that the marker _READY completes, or into a zip", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(["labels.csv", "labels.csv.reason.json"], await _drops.NamesAsync(BlobLayout.Rejected));
    }

    [Fact]
    public async Task A_picture_that_is_missing_in_storage_is_a_rejected_row_with_the_reason()
    {
        (string Name, byte[] Content)[] files = [.. Files.Where(file => file.Name != "faces/3.png")];

        PrepareDatasetOutput all = await IngestFolderAsync("all/", files);
        PrepareDatasetOutput listed = await IngestFolderAsync("listed/", files, marker: string.Join('\n', Files.Select(file => file.Name)));

        Assert.Equal((null, Pictures - 1L, 1L), (all.Reason, all.RowsAccepted, all.RowsRejected));
        Assert.Equal(all.DatasetId, listed.DatasetId);
        DatasetReport report = (await _drops.Storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{all.DatasetId}.json", Cancel))!.Value;
        RowProblem problem = Assert.Single(report.Problems);
        Assert.Equal(
            (RowProblemKind.PictureUnreadable, "labels.csv row 4: the picture 'faces/3.png' cannot be read: The file is not in storage: it was deleted after it was dropped, or never uploaded. Drop it again"),
            (problem.Kind, problem.Message));
    }

    [Fact]
    public async Task A_picture_that_is_in_no_list_and_no_folder_is_a_rejected_row_with_the_reason()
    {
        PrepareDatasetOutput output = await IngestFolderAsync("set/", [.. Files.Where(file => file.Name != "faces/3.png")]);

        DatasetReport report = (await _drops.Storage.ReadAsync<DatasetReport>(BlobLayout.Reports, $"{output.DatasetId}.json", Cancel))!.Value;
        Assert.Equal("labels.csv row 4: the picture 'faces/3.png' is not in set", Assert.Single(report.Problems).Message);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task A_picture_is_read_with_one_request_and_with_another_for_the_framing_if_no_size_is_stated(bool statesSize, int times)
    {
        foreach ((string name, byte[] content) in Files[1..])
            await _drops.DropAsync($"set/{name}", content);
        await _drops.DropAsync("set/labels.csv", Table(Pictures, statesSize));
        string etag = await _drops.DropAsync("set/_READY", "");
        await using FaultyProxy proxy = await FaultyProxy.StartAsync(_drops.Account, Cancel);
        await using DroppedDatasets host = _drops.OtherHost(proxy.Open());

        PrepareDatasetOutput output = await host.IngestAsync("set/", etag);

        Assert.NotNull(output.DatasetId);
        StorageRequest[] pictures = [.. proxy.Seen.Select(seen => seen.Request).Where(request => request.Blob.EndsWith(".png", StringComparison.Ordinal))];
        Assert.Equal(
            Files[1..].SelectMany(file => Enumerable.Repeat($"GET set/{file.Name}", times)).Order(StringComparer.Ordinal),
            pictures.Select(request => $"{request.Method} {request.Blob}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_zip_inside_a_folder_of_blobs_is_still_read()
    {
        byte[] array = NumPyFiles.Array(NumPyFiles.ImagesLast(NumPyFiles.Draw(Pictures, SmallTable.Pixels)), $"8, 8, {Pictures}");
        string table = "nose_x,nose_y\n" + string.Concat(Enumerable.Range(0, Pictures).Select(row => $"{row % 8},{(row + 3) % 8}\n"));

        PrepareDatasetOutput output = await IngestFolderAsync(
            "set/", [("facial_keypoints.csv", Packing.Utf8(table)), ("face_images.npz", Packing.Zip(("face_images.npy", array)))]);

        Assert.Equal((null, (long)Pictures), (output.Reason, output.RowsAccepted));
    }

    [Fact]
    public async Task Coco_labels_of_a_folder_of_blobs_give_the_dataset_of_the_same_folder_of_this_machine()
    {
        (string Name, byte[] Content)[] files = [("annotations/person_keypoints.json", Coco(Pictures)), .. Files[1..], ("notes.txt", Packing.Utf8("notes"))];
        PreparationOutcome local = await PrepareLocallyAsync(files);

        PrepareDatasetOutput output = await IngestFolderAsync("set/", files);

        Assert.Equal((local.Manifest?.DatasetId ?? local.Report.Rejection, (long)Pictures), (output.DatasetId ?? output.Reason, output.RowsAccepted));
        Assert.Equal("user", (await _drops.Prepared.GetAsync(await StatedIdAsync(), Cancel)).Schema.Mirror.Source);

        async Task<string> StatedIdAsync() =>
            (await IngestFolderAsync("stated/", [.. files, ("keypoints.json", Packing.Utf8("""{"mirror": [["nose", "eye"]]}"""))])).DatasetId!;
    }

    public async ValueTask InitializeAsync() => _drops = await DroppedDatasets.StartAsync(azurite);

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _drops.DisposeAsync();
    }

    /// <summary>A wide table. Every third row lacks the second keypoint.</summary>
    private static byte[] Table(int rows, bool statesSize = false) => Packing.Utf8(
        $"image,{(statesSize ? "image_width,image_height," : "")}nose_x,nose_y,eye_x,eye_y,chin_x,chin_y\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
            $"faces/{i}.png,{(statesSize ? "48,40," : "")}{10 + i},{12 + i},{(i % 3 == 0 ? "," : $"{20 + i},{22 + i}")},{15 + i},{25 + i}\n")));

    private static byte[] Coco(int pictures) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        images = Enumerable.Range(0, pictures).Select(i => new { id = i + 1, file_name = $"{i}.png", width = 48, height = 40 }),
        categories = new[] { new { id = 1, name = "person", keypoints = (string[])["nose", "eye"] } },
        annotations = Enumerable.Range(0, pictures).Select(i => new
        {
            id = i + 1,
            image_id = i + 1,
            category_id = 1,
            num_keypoints = 2,
            keypoints = (int[])[10 + i, 12 + i, 2, 20 + i, 22 + i, 1],
            bbox = (int[])[5, 5, 30, 30],
        }),
    });

    /// <summary>A spot whose place in the frame of its instance differs for each picture.</summary>
    private static byte[] Picture(int i) => TestImages.Encode(48, 40, TestImages.Spot(20, 15, sigma: 3 + i), SKEncodedImageFormat.Png);

    private async Task<PreparationOutcome> PrepareLocallyAsync((string Name, byte[] Content)[] files)
    {
        string folder = _folder.File("set");
        foreach ((string name, byte[] content) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, content, Cancel);
        }

        await using FolderFileSet set = FolderFileSet.Open(folder);
        return await PreparedForTest.PrepareAsync(set, _folder.File("prepared"), Cancel);
    }

    /// <summary>Drops a folder, its marker last, and ingests it.</summary>
    private async Task<PrepareDatasetOutput> IngestFolderAsync(string path, (string Name, byte[] Content)[] files, string marker = "")
    {
        foreach ((string name, byte[] content) in files)
            await _drops.DropAsync(path + name, content);
        return await _drops.IngestAsync(path, await _drops.DropAsync(path + BlobLayout.ReadyMarker, marker));
    }

    private async Task<byte[]> ContentAsync(string blob) =>
        (await _drops.Storage.FindContentAsync(BlobLayout.Prepared, blob, Cancel))!.Content.ToArray();
}
