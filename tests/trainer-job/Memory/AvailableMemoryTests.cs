using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Memory;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Memory;

/// <summary>Reads copies of Linux's files.</summary>
public sealed class AvailableMemoryTests : IDisposable
{
    private const long GB = 1L << 30;

    private readonly TemporaryFolder _root = TestFolder.Create("memory");

    [Fact]
    public void Without_limits_the_machine_says_what_is_available()
    {
        WriteMachine(16 * GB);
        Write("proc/self/cgroup", "0::/user.slice\n");
        Write("sys/fs/cgroup/user.slice/memory.max", "max\n");
        Write("sys/fs/cgroup/user.slice/memory.current", $"{GB}\n");

        Assert.Equal(new AvailableMemory(16 * GB, "this machine"), AvailableMemory.Find(_root.Path));
    }

    [Fact]
    public void The_tightest_of_the_groups_counts_and_cached_files_are_given_up()
    {
        WriteMachine(16 * GB);
        Write("proc/self/cgroup", "0::/pod/trainer\n");
        Write("sys/fs/cgroup/pod/trainer/memory.max", $"{8 * GB}\n");
        Write("sys/fs/cgroup/pod/trainer/memory.current", $"{GB}\n");
        Write("sys/fs/cgroup/pod/memory.max", $"{6 * GB}\n");
        Write("sys/fs/cgroup/pod/memory.current", $"{4 * GB}\n");
        Write("sys/fs/cgroup/pod/memory.stat", $"anon {GB}\nfile {3 * GB}\ninactive_file {GB}\nactive_file {2 * GB}\n");

        Assert.Equal(new AvailableMemory(5 * GB, "this container"), AvailableMemory.Find(_root.Path));
    }

    [Fact]
    public void Groups_of_the_first_version_count_too_and_a_path_of_the_host_is_the_mount_itself()
    {
        WriteMachine(16 * GB);
        Write("proc/self/cgroup", "5:cpu,cpuacct:/docker/1234\n4:memory:/docker/1234\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", $"{3 * GB}\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", $"{2 * GB}\n");
        Write("sys/fs/cgroup/memory/memory.stat", $"cache {GB}\ntotal_inactive_file {GB}\ntotal_active_file 0\n");

        Assert.Equal(new AvailableMemory(2 * GB, "this container"), AvailableMemory.Find(_root.Path));
    }

    [Fact]
    public void A_limit_of_the_first_version_beyond_any_memory_is_none()
    {
        WriteMachine(GB);
        Write("proc/self/cgroup", "4:memory:/\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1\n");

        Assert.Equal(new AvailableMemory(GB, "this machine"), AvailableMemory.Find(_root.Path));
    }

    [Fact]
    public void Where_nothing_can_be_read_nothing_is_known()
    {
        Assert.Null(AvailableMemory.Find(_root.Path));
    }

    [Fact]
    public void This_machine_has_memory()
    {
        Assert.InRange(AvailableMemory.Find()!.Bytes, 1, long.MaxValue);
    }

    public void Dispose() => _root.Dispose();

    private void WriteMachine(long available) =>
        Write("proc/meminfo", $"MemTotal: {64 * GB / 1024} kB\nMemFree: 1 kB\nMemAvailable:   {available / 1024} kB\n");

    private void Write(string file, string content)
    {
        string path = _root.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
