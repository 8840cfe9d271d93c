using KeypointPipeline.Results;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Storage;

public sealed class LocalPathTests
{
    [Fact]
    public void A_path_below_a_folder_is_below_it_or_refused()
    {
        string folder = Path.Combine(Path.GetTempPath(), "results ü");
        int taken = 0;
        foreach (string name in StrangeNames.Some(20_000).Append("/etc/passwd").Append(@"C:\Windows\x").Append(@"\\server\share"))
        {
            try
            {
                string path = LocalPath.Below(folder, name);
                Assert.StartsWith(folder + Path.DirectorySeparatorChar, Path.GetFullPath(path), StringComparison.Ordinal);
                Assert.Equal(name, Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'));
                taken++;
            }
            catch (InvalidDataException)
            {
                Assert.Contains(name.Split('/'), part => !LocalPath.IsFileName(part, OperatingSystem.IsWindows()));
            }
        }

        Assert.InRange(taken, 2_000, 15_000);
    }

    [Theory]
    [InlineData("a:b")]
    [InlineData("C:")]
    [InlineData("what?")]
    [InlineData("end.")]
    [InlineData("end ")]
    [InlineData("NUL")]
    [InlineData("con.txt")]
    [InlineData("aux .jpg")]
    [InlineData("lpt¹")]
    public void What_Windows_takes_for_something_else_is_no_name_there(string name)
    {
        Assert.False(LocalPath.IsFileName(name, onWindows: true));
        Assert.True(LocalPath.IsFileName(name, onWindows: false));
    }

    [Theory]
    [InlineData("../escaped.csv")]
    [InlineData("overlays/../../escaped.jpg")]
    [InlineData("/escaped.csv")]
    [InlineData(@"..\escaped.csv")]
    [InlineData("overlays//x.jpg")]
    public async Task Results_in_a_folder_stay_in_it(string name)
    {
        using TemporaryFolder folder = TestFolder.Create("below");
        var store = new FolderResultStore(folder.File("results"));

        await Assert.ThrowsAsync<InvalidDataException>(() => store.WriteAsync(name, "x"u8.ToArray(), TestContext.Current.CancellationToken));

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Overlays_are_named_alike_on_every_file_system()
    {
        int index = 0;
        foreach (string name in StrangeNames.Some(5_000))
        {
            string overlay = ResultFiles.Overlay(index++, name);
            Assert.Matches("^overlays/[0-9]{6}-[A-Za-z0-9_-]{0,80}\\.jpg$", overlay);
        }
    }
}
