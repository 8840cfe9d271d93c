using System.IO.Compression;
using KeypointPipeline.Kaggle;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Kaggle;

public sealed class KaggleDownloadTests : IDisposable
{
    private const int Rows = 6;
    private readonly TemporaryFolder _folder = TestFolder.Create("download");
    private readonly KaggleFiles _files;
    private readonly KeypointModel _model;

    public KaggleDownloadTests()
    {
        Directory.CreateDirectory(_folder.File("files"));
        using var inner = new TemporaryFolder(_folder.File("drawn"));
        KaggleFiles drawn = KaggleFiles.Draw(inner, Rows);
        _files = new KaggleFiles(_folder.File("files/training.zip"), _folder.File("files/test.zip"), _folder.File("files/IdLookupTable.csv"));
        foreach ((string from, string to) in ((string, string)[])[(drawn.Training, _files.Training), (drawn.Test, _files.Test), (drawn.Lookup, _files.Lookup)])
            File.Move(from, to);
        File.WriteAllText(_folder.File("files/SampleSubmission.csv"), "RowId,Location\n1,0\n");
        var schema = new KeypointSchema(DrawnInputs.KeypointNames, 96, 96);
        _model = KeypointModel.Open(TinyOnnxModel.Constant(schema, [.. Enumerable.Range(0, 30).Select(i => 3f * i)]), "tiny");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_one_zip_its_folder_and_the_single_files_give_the_same_submission()
    {
        string all = Zip("facial-keypoints-detection.zip", _folder.File("files"));
        string unpacked = _folder.File("unpacked");
        await ZipFile.ExtractToDirectoryAsync(_files.Test, Path.Combine(unpacked, "test"), Cancel);
        File.Copy(_files.Lookup, Path.Combine(unpacked, "IdLookupTable.csv"));

        string expected = await SubmitAsync(_files.Test, _files.Lookup);

        Assert.Equal(expected, await SubmitAsync(all, lookup: null));
        Assert.Equal(expected, await SubmitAsync(all, all));
        Assert.Equal(expected, await SubmitAsync(all, _files.Lookup));
        Assert.Equal(expected, await SubmitAsync(_files.Test, all));
        Assert.Equal(expected, await SubmitAsync(_folder.File("files"), lookup: null));
        Assert.Equal(expected, await SubmitAsync(unpacked, lookup: null));
        Assert.Equal(expected, await SubmitAsync(Path.Combine(unpacked, "test", "test.csv"), Zip("lookup.zip", _folder.File("files"), "IdLookupTable.csv")));
    }

    [Fact]
    public async Task What_is_missing_is_said_with_what_is_there()
    {
        string training = Zip("training-only.zip", _folder.File("files"), "training.zip", "SampleSubmission.csv");
        await using KaggleDownload test = await KaggleDownload.OpenAsync(_files.Test, Cancel);
        await using KaggleDownload download = await KaggleDownload.OpenAsync(training, Cancel);

        var noTest = await Assert.ThrowsAsync<InvalidDataException>(() => download.FindTestAsync(Cancel));
        var noLookup = await Assert.ThrowsAsync<InvalidDataException>(() => download.RequireLookupAsync(Cancel));
        var nothing = await Assert.ThrowsAsync<InvalidDataException>(() => KaggleDownload.OpenAsync(_folder.File("gone.zip"), Cancel));

        Assert.Null(await test.FindLookupAsync(Cancel));
        Assert.Contains("training-only.zip holds no pictures to predict, which is a table with the columns ImageId and Image. It holds SampleSubmission.csv, training.zip.", noTest.Message, StringComparison.Ordinal);
        Assert.Contains("training-only.zip holds no lookup table", noLookup.Message, StringComparison.Ordinal);
        Assert.Contains("There is no file or folder", nothing.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private string Zip(string name, string folder, params string[] files)
    {
        string path = _folder.File(name);
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (string file in files.Length > 0 ? files.Select(file => Path.Combine(folder, file)) : Directory.EnumerateFiles(folder))
            zip.CreateEntryFromFile(file, Path.GetFileName(file));
        return path;
    }

    private async Task<string> SubmitAsync(string test, string? lookup)
    {
        await using KaggleDownload download = await KaggleDownload.OpenAsync(test, Cancel);
        await using KaggleDownload? other = lookup is null ? null : await KaggleDownload.OpenAsync(lookup, Cancel);
        string submission = _folder.File("submission.csv");
        await KaggleSubmission.WriteAsync(
            _model,
            await download.FindTestAsync(Cancel),
            other is null ? (await download.FindLookupAsync(Cancel))! : await other.RequireLookupAsync(Cancel),
            submission,
            progress: null,
            Cancel);
        return await File.ReadAllTextAsync(submission, Cancel);
    }
}
