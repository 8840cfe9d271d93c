using System.Runtime.InteropServices;
using Xunit;

namespace KeypointPipeline.Local.Tests.Storage;

/// <summary>How large another process may make its files: what a full disk is to it, without a disk to fill.</summary>
internal static partial class FileSizeLimit
{
    private const int FileSize = 1;

    /// <summary>Takes effect at once. The process must ignore SIGXFSZ, as Node does.</summary>
    public static void Set(int pid, ulong bytes)
    {
        Assert.Equal(0, GetLimit(pid, FileSize, IntPtr.Zero, out Limit limit));
        Assert.Equal(0, SetLimit(pid, FileSize, limit with { Soft = bytes }, IntPtr.Zero));
    }

    /// <summary>As it was.</summary>
    public static void Remove(int pid)
    {
        Assert.Equal(0, GetLimit(pid, FileSize, IntPtr.Zero, out Limit limit));
        Assert.Equal(0, SetLimit(pid, FileSize, limit with { Soft = limit.Hard }, IntPtr.Zero));
    }

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int GetLimit(int pid, int resource, IntPtr none, out Limit old);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int SetLimit(int pid, int resource, in Limit limit, IntPtr none);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
