using KeypointPipeline.Files;
using KeypointPipeline.Results;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Results;

public sealed class FolderResultStoreTests
{
    [Fact]
    public async Task A_file_that_is_not_committed_leaves_the_old_one()
    {
        using var folder = TestFolder.Create("results");
        var store = new FolderResultStore(folder.Path);
        await store.WriteAsync("sub/a.txt", "old"u8.ToArray(), TestContext.Current.CancellationToken);
        await using (StagedFile file = store.Create("sub/a.txt"))
            await file.Stream.WriteAsync("half"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("old", await ReadAsync(folder.Path));
        await store.WriteAsync("sub/a.txt", "new"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("new", await ReadAsync(folder.Path));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(folder.Path, "sub")));
    }

    private static Task<string> ReadAsync(string folder) => File.ReadAllTextAsync(Path.Combine(folder, "sub/a.txt"), TestContext.Current.CancellationToken);
}
