using KeypointPipeline.Files;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Shared.Tests.Files;

public sealed class LockFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_lock_is_given_once_and_again_after_its_end()
    {
        using TemporaryFolder folder = TestFolder.Create("lock");
        using (LockFile? first = LockFile.TryTake(folder.File("lock")))
        {
            Assert.NotNull(first);
            Assert.Null(LockFile.TryTake(folder.File("lock")));
        }

        using LockFile? next = LockFile.TryTake(folder.File("lock"));
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Who_waits_gets_the_lock_when_it_is_given_back()
    {
        using TemporaryFolder folder = TestFolder.Create("lock");
        LockFile first = await LockFile.TakeAsync(folder.File("lock"), Cancel);
        Task<LockFile> waiting = LockFile.TakeAsync(folder.File("lock"), Cancel);
        Assert.False(waiting.IsCompleted);

        first.Dispose();

        using LockFile next = await waiting;
        Assert.Null(LockFile.TryTake(folder.File("lock")));
    }

    [Fact]
    public async Task A_lock_file_that_cannot_be_opened_is_an_error_and_not_waited_for()
    {
        using TemporaryFolder folder = TestFolder.Create("lock");

        Assert.Throws<DirectoryNotFoundException>(() => LockFile.TryTake(folder.File("nowhere/lock")));
        await Assert.ThrowsAnyAsync<Exception>(() => LockFile.TakeAsync(folder.Path, Cancel));
    }
}
