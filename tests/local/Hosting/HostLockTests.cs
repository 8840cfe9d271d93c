using System.Runtime.Versioning;
using KeypointPipeline.Local.Hosting;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;

namespace KeypointPipeline.Local.Tests.Hosting;

public sealed class HostLockTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Open = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

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

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_home_is_its_owners_alone_and_the_folders_above_it_are_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows folders have the permissions of the one above.");
        using TemporaryFolder folder = TestFolder.Create("lock");
        string home = folder.File("above/home");

        using HostLock held = HostLock.Acquire(home);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(home));
        Assert.NotEqual(OwnerOnly, File.GetUnixFileMode(folder.File("above")));
        Assert.True(held.IsPrivate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UnsupportedOSPlatform("windows")]
    public void A_home_that_others_can_read_is_closed_when_a_host_takes_it(bool asLink)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows folders have the permissions of the one above.");
        using TemporaryFolder folder = TestFolder.Create("lock");
        string home = folder.File("home");
        Directory.CreateDirectory(home);
        HostLock.Acquire(home).Dispose();
        File.SetUnixFileMode(home, Open);
        string named = asLink ? Directory.CreateSymbolicLink(folder.File("link"), home).FullName : home;

        using HostLock held = HostLock.Acquire(named);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(home));
        Assert.True(held.IsPrivate);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_of_other_files_keeps_its_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows folders have the permissions of the one above.");
        using TemporaryFolder folder = TestFolder.Create("lock");
        File.WriteAllText(folder.File("shared.txt"), "");
        File.SetUnixFileMode(folder.Path, Open);

        using HostLock held = HostLock.Acquire(folder.Path);

        Assert.Equal(Open, File.GetUnixFileMode(folder.Path));
        Assert.False(held.IsPrivate);
    }

    [Theory]
    [InlineData("/sys")]
    [InlineData("/sys/keypoints")]
    public void A_folder_that_cannot_be_written_is_named_with_the_next_step(string home)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/sys is where nobody may write, root neither");

        var refusal = Assert.Throws<UnauthorizedAccessException>(() => HostLock.Acquire(home));

        Assert.Contains($"The data folder {home} cannot be written", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("choose another folder with --home", refusal.Message, StringComparison.Ordinal);
    }
}
