using System.Security.Cryptography;
using System.Text;
using KeypointPipeline.Local.Downloads;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Downloads;

public sealed class DownloadFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = TestFolder.Create("downloads");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_are_written_and_a_second_download_replaces_them()
    {
        await ReplaceAsync(("overlays/a.jpg", "1"), ("keypoints.csv", "1"), ("summary.json", "1"));
        await ReplaceAsync(("overlays/b.jpg", "2"), ("keypoints.csv", "2"), ("summary.json", "2"));

        Assert.Equal(["keypoints.csv: 2", "overlays/b.jpg: 2", "summary.json: 2"], Files());
    }

    [Fact]
    public async Task Files_of_others_stay_and_folders_that_are_empty_now_go()
    {
        await ReplaceAsync(("overlays/a.jpg", "1"), ("new/x", "1"), ("summary.json", "1"));
        Write("overlays/mine.jpg", "mine");
        Write("notes.txt", "mine");

        await ReplaceAsync(("summary.json", "2"));

        Assert.Equal(["notes.txt: mine", "overlays/mine.jpg: mine", "summary.json: 2"], Files());
        Assert.False(Directory.Exists(_folder.File("new")));
    }

    [Theory]
    [InlineData("keypoints.csv")]
    [InlineData("summary.json")]
    public async Task A_file_that_somebody_else_wrote_stops_the_download_before_anything_changes(string name)
    {
        Write(name, "mine");

        var e = await Assert.ThrowsAsync<DownloadException>(() => ReplaceAsync(("a.csv", "1"), ("keypoints.csv", "1"), ("summary.json", "1")));

        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.Contains("--out", e.Message, StringComparison.Ordinal);
        Assert.Equal([$"{name}: mine"], Files());
    }

    [Fact]
    public async Task A_downloaded_file_that_somebody_changed_stops_the_next_download()
    {
        await ReplaceAsync(("keypoints.csv", "1"), ("summary.json", "1"));
        Write("keypoints.csv", "corrected by hand");

        await Assert.ThrowsAsync<DownloadException>(() => ReplaceAsync(("keypoints.csv", "2"), ("summary.json", "2")));

        Assert.Equal(["keypoints.csv: corrected by hand", "summary.json: 1"], Files());
    }

    [Fact]
    public async Task A_changed_file_that_the_download_no_longer_has_stays()
    {
        await ReplaceAsync(("label-next.csv", "1"), ("summary.json", "1"));
        Write("label-next.csv", "with notes");

        await ReplaceAsync(("summary.json", "2"));

        Assert.Equal(["label-next.csv: with notes", "summary.json: 2"], Files());
    }

    [Fact]
    public async Task A_file_that_has_the_new_content_already_is_not_in_the_way()
    {
        Write("keypoints.csv", "1");

        await ReplaceAsync(("keypoints.csv", "1"), ("summary.json", "1"));

        Assert.Equal(["keypoints.csv: 1", "summary.json: 1"], Files());
    }

    [Fact]
    public async Task A_download_that_breaks_off_changes_nothing()
    {
        await ReplaceAsync(("keypoints.csv", "1"), ("summary.json", "1"));

        await Assert.ThrowsAsync<IOException>(() => FolderOf("results").ReplaceAsync(
            [File("keypoints.csv", "2"), new Download("summary.json", 1, _ => throw new IOException("the line broke"))], progress: null, Cancel));

        Assert.Equal(["keypoints.csv: 1", "summary.json: 1"], Files());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path), entry => entry.EndsWith(".partial", StringComparison.Ordinal));
    }

    /// <summary>A process that is killed while it moves files leaves some of each version, and the summary of none.</summary>
    [Fact]
    public async Task A_download_completes_what_a_killed_one_began()
    {
        await ReplaceAsync(("a.csv", "1"), ("b.csv", "1"), ("summary.json", "1"));
        string record = _folder.File(".keypoints-results.json");
        var before = DownloadRecord.Read(record);
        before.With(new Dictionary<string, string> { ["a.csv"] = Hash("2"), ["b.csv"] = Hash("2"), ["summary.json"] = Hash("2") }).Write(record);
        Write("a.csv", "2");
        System.IO.File.Delete(_folder.File("summary.json"));
        Write(".keypoints-results.partial/1", "2");

        await ReplaceAsync(("a.csv", "3"), ("b.csv", "3"), ("summary.json", "3"));

        Assert.Equal(["a.csv: 3", "b.csv: 3", "summary.json: 3"], Files());
    }

    [Fact]
    public async Task Downloads_of_another_kind_are_left_alone()
    {
        await FolderOf("model").ReplaceAsync([File("model.onnx", "m"), File("manifest.json", "m")], progress: null, Cancel);
        await ReplaceAsync(("keypoints.csv", "1"), ("summary.json", "1"));
        await FolderOf("model").ReplaceAsync([File("model.onnx", "n"), File("manifest.json", "n")], progress: null, Cancel);

        Assert.Equal(["keypoints.csv: 1", "manifest.json: n", "model.onnx: n", "summary.json: 1"], Files());
    }

    [Fact]
    public async Task Content_with_the_wrong_hash_is_refused()
    {
        var wrong = new Download("model.onnx", 1, File("model.onnx", "x").OpenAsync, Hash("y"));

        var e = await Assert.ThrowsAsync<DownloadException>(() => FolderOf("model").ReplaceAsync([wrong], progress: null, Cancel));

        Assert.Contains("model.onnx has SHA-256", e.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_an_error()
    {
        Write("out", "a file");

        var e = await Assert.ThrowsAsync<DownloadException>(
            () => new DownloadFolder(_folder.File("out"), "results").ReplaceAsync([File("a", "1")], progress: null, Cancel));

        Assert.Contains("Name a folder", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_record_protects_the_files()
    {
        await ReplaceAsync(("summary.json", "1"));
        Write(".keypoints-results.json", "{");

        await Assert.ThrowsAsync<DownloadException>(() => ReplaceAsync(("summary.json", "2")));
    }

    public void Dispose() => _folder.Dispose();

    private DownloadFolder FolderOf(string kind) => new(_folder.Path, kind);

    private Task ReplaceAsync(params (string Name, string Content)[] files) =>
        FolderOf("results").ReplaceAsync([.. files.Select(file => File(file.Name, file.Content))], progress: null, Cancel);

    private static Download File(string name, string content) =>
        new(name, content.Length, _ => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(content))));

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private void Write(string name, string content)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
    }

    /// <summary>All files with their content, but not the records.</summary>
    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
        .Select(file => (Name: Path.GetRelativePath(_folder.Path, file).Replace('\\', '/'), Content: System.IO.File.ReadAllText(file)))
        .Where(file => !file.Name.StartsWith(".keypoints-", StringComparison.Ordinal))
        .Select(file => $"{file.Name}: {file.Content}")
        .Order(StringComparer.Ordinal);
}
