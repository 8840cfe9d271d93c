using System.Globalization;

namespace KeypointPipeline.TrainerJob.Memory;

/// <summary>The memory that a process can still get: what the system says is available, within the limits of the control groups that the
/// process is in, as containers set them.</summary>
/// <param name="Bytes">Bytes that are available.</param>
/// <param name="Where">Who has them: <c>this machine</c> or <c>this container</c>.</param>
public sealed record AvailableMemory(long Bytes, string Where)
{
    private const string Machine = "this machine";
    private const string Container = "this container";

    /// <summary>Asks the system.</summary>
    /// <returns>On Linux, what is available now. Elsewhere the whole memory, because what is available there is not known exactly. Null if
    /// nothing is known.</returns>
    public static AvailableMemory? Find()
    {
        if (OperatingSystem.IsLinux())
            return Find("/");
        long all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return all > 0 ? new AvailableMemory(all, Machine) : null;
    }

    /// <summary>Reads the files of a Linux system.</summary>
    /// <param name="root">Folder that holds <c>proc</c> and <c>sys</c>.</param>
    internal static AvailableMemory? Find(string root)
    {
        AvailableMemory? machine = ReadField(Path.Combine(root, "proc/meminfo"), "MemAvailable:") is long kilobytes
            ? new AvailableMemory(kilobytes * 1024, Machine)
            : null;
        return Groups(root).Append(machine).OfType<AvailableMemory>().MinBy(memory => memory.Bytes);
    }

    /// <summary>What is left in each group of the process and in the groups above it. Cached files are given up before a limit kills.</summary>
    private static IEnumerable<AvailableMemory?> Groups(string root)
    {
        foreach (string line in ReadLines(Path.Combine(root, "proc/self/cgroup")))
        {
            if (line.Split(':', 3) is not [_, string controllers, string path])
                continue;
            bool isSecondVersion = controllers.Length == 0;
            if (!isSecondVersion && !controllers.Split(',').Contains("memory", StringComparer.Ordinal))
                continue;
            string mount = Path.Combine(root, isSecondVersion ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");

            // In a container, the path may be that of the host, and the mount shows the container's own group.
            string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            for (int depth = parts.Length; depth >= 0; depth--)
            {
                string group = Path.Combine([mount, .. parts[..depth]]);
                yield return isSecondVersion
                    ? Left(group, "memory.max", "memory.current", "inactive_file", "active_file")
                    : Left(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file");
            }
        }
    }

    private static AvailableMemory? Left(string group, string limitFile, string usageFile, params string[] cached)
    {
        // "max" and, in the first version, a limit beyond any memory mean that there is none.
        if (ReadNumber(Path.Combine(group, limitFile)) is not long limit || limit > 1L << 50)
            return null;
        if (ReadNumber(Path.Combine(group, usageFile)) is not long usage)
            return null;
        long files = cached.Sum(field => ReadField(Path.Combine(group, "memory.stat"), field) ?? 0);
        return new AvailableMemory(Math.Max(0, limit - Math.Max(0, usage - files)), Container);
    }

    private static long? ReadNumber(string file) =>
        ReadLines(file) is [string line, ..] && long.TryParse(line.Trim(), CultureInfo.InvariantCulture, out long number) ? number : null;

    private static long? ReadField(string file, string field)
    {
        foreach (string line in ReadLines(file))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == field && long.TryParse(words[1], CultureInfo.InvariantCulture, out long value))
                return value;
        }

        return null;
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not this system, or not for this user: nothing is known.
            return [];
        }
    }
}
