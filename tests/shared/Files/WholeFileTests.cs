using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using KeypointPipeline.Files;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Files;

public sealed partial class WholeFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Readers_see_the_old_file_until_the_new_one_is_whole()
    {
        using TemporaryFolder folder = TestFolder.Create("whole");
        string path = folder.File("note.json");
        WholeFile.Write(path, "old");

        using (WholeFile file = WholeFile.Create(path))
        {
            file.Stream.Write("new"u8);
            file.Stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
            file.Commit();
        }

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(WholeFileOptions.None)]
    [InlineData(WholeFileOptions.SeveralWriters)]
    public async Task A_file_that_is_not_committed_leaves_nothing_behind(WholeFileOptions options)
    {
        using TemporaryFolder folder = TestFolder.Create("whole");

        await using (WholeFile file = WholeFile.Create(folder.File("note.json"), options))
            await file.Stream.WriteAsync("half"u8.ToArray(), Cancel);

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task What_cannot_be_put_in_its_place_leaves_nothing_behind()
    {
        using TemporaryFolder folder = TestFolder.Create("whole");
        Directory.CreateDirectory(folder.File("taken"));

        await Assert.ThrowsAnyAsync<Exception>(() => WholeFile.WriteAsync(folder.File("taken"), "x"u8.ToArray(), WholeFileOptions.None, Cancel));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_rest_that_cannot_be_written_leaves_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's");
        using TemporaryFolder folder = TestFolder.Create("whole");
        WholeFile file = WholeFile.Create(folder.File("file"), WholeFileOptions.SeveralWriters);
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
        Assert.NotEqual(-1, Replace(Descriptor(full), Descriptor(file.Stream)));
        file.Stream.Write("buffered"u8);

        Assert.Throws<IOException>(file.Dispose);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void What_a_killed_writer_left_is_overwritten()
    {
        using TemporaryFolder folder = TestFolder.Create("whole");
        File.WriteAllText(folder.File("note.json.partial"), "much longer than the new content");

        WholeFile.Write(folder.File("note.json"), "new");

        Assert.Equal("new", File.ReadAllText(folder.File("note.json")));
        Assert.Equal([folder.File("note.json")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Of_several_writers_the_last_one_wins_and_none_disturbs_another()
    {
        using TemporaryFolder folder = TestFolder.Create("whole");
        string path = folder.File("model.onnx");
        using WholeFile first = WholeFile.Create(path, WholeFileOptions.SeveralWriters);
        using WholeFile second = WholeFile.Create(path, WholeFileOptions.SeveralWriters);
        first.Stream.Write("first"u8);
        second.Stream.Write("second"u8);

        second.Commit();
        Assert.Equal("second", File.ReadAllText(path));
        first.Commit();

        Assert.Equal("first", File.ReadAllText(path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_the_owner_may_read_a_private_file_also_where_a_killed_writer_left_an_open_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows files have the permissions of their folder.");
        using TemporaryFolder folder = TestFolder.Create("whole");
        string path = folder.File("account.key");
        File.WriteAllText($"{path}.partial", "");
        File.SetUnixFileMode($"{path}.partial", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        WholeFile.Write(path, "secret", WholeFileOptions.OwnerOnly);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_closed_file_can_be_read_before_it_is_committed()
    {
        using TemporaryFolder folder = TestFolder.Create("whole");
        using WholeFile file = WholeFile.Create(folder.File("model.onnx"), WholeFileOptions.FlushToDisk);
        file.Stream.Write("checked"u8);

        file.Close();

        Assert.Equal("checked", File.ReadAllText(file.TemporaryPath));
        file.Commit();
        Assert.Equal("checked", File.ReadAllText(folder.File("model.onnx")));
    }

    private static int Descriptor(FileStream stream) => stream.SafeFileHandle.DangerousGetHandle().ToInt32();

    /// <summary>Lets a descriptor refer to another open file.</summary>
    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Replace(int by, int descriptor);
}
