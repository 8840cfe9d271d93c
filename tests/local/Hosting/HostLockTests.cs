using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Hosting;

public sealed class HostLockTests
{
    private static readonly HostInfo Info = new(4711, new Uri("http://127.0.0.1:7071"), DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_second_host_is_told_the_first_ones_process_and_address()
    {
        using TemporaryFolder home = TestFolder.Create("lock");
        using HostLock first = HostLock.Acquire(home.Path);
        first.Announce(Info);

        HostAlreadyRunningException refusal = Assert.Throws<HostAlreadyRunningException>(() => HostLock.Acquire(home.Path));

        Assert.Equal(Info, refusal.Other);
        Assert.Contains("process 4711, http://127.0.0.1:7071/", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_host_is_refused_also_while_the_first_is_still_starting()
    {
        using TemporaryFolder home = TestFolder.Create("lock");
        using HostLock first = HostLock.Acquire(home.Path);

        Assert.Null(Assert.Throws<HostAlreadyRunningException>(() => HostLock.Acquire(home.Path)).Other);
    }

    [Fact]
    public void What_a_killed_host_left_behind_is_not_in_the_way()
    {
        using TemporaryFolder home = TestFolder.Create("lock");
        File.WriteAllText(home.File("host.lock"), "");
        File.WriteAllText(home.File("host.json"), """{"pid":1,"url":"http://127.0.0.1:1","startedAt":"2026-01-01T00:00:00Z"}""");

        Assert.Null(HostLock.FindRunning(home.Path));
        using HostLock next = HostLock.Acquire(home.Path);
        Assert.Null(HostLock.FindRunning(home.Path));
    }

    [Fact]
    public void Commands_find_a_running_host_and_none_after_its_end()
    {
        using TemporaryFolder home = TestFolder.Create("lock");
        Assert.Null(HostLock.FindRunning(home.Path));
        using (HostLock running = HostLock.Acquire(home.Path))
        {
            running.Announce(Info);
            Assert.Equal(Info, HostLock.FindRunning(home.Path));
        }

        Assert.Null(HostLock.FindRunning(home.Path));
    }

    [Theory]
    [InlineData("/sys")]
    [InlineData("/sys/keypoints")]
    public void A_folder_that_cannot_be_written_is_named_with_the_next_step(string home)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/sys is where nobody may write, root neither");

        var refusal = Assert.Throws<UnauthorizedAccessException>(() => HostLock.Acquire(home));

        Assert.Contains($"The data folder {home} cannot be written", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("choose another with --home", refusal.Message, StringComparison.Ordinal);
    }
}
