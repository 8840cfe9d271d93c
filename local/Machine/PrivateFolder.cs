using System.Runtime.Versioning;

namespace KeypointPipeline.Local.Machine;

/// <summary>A folder that other users of this machine cannot look into. What lies below is then closed to them, too, whatever its own
/// permissions are.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates a folder, or closes one that is there to others. On Windows, and on file systems that keep no permissions, it
    /// stays as open as the folder above it.</summary>
    /// <returns>Whether it is closed to others, or permissions are not looked at (Windows).</returns>
    public static bool Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return true;
        }

        // Only the folder itself is private, not those above it.
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is string above)
            Directory.CreateDirectory(above);
        DirectoryInfo created = Directory.CreateDirectory(full, OwnerOnly);
        string folder = created.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        if (IsPrivate(folder))
            return true;
        try
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) & OwnerOnly);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Somebody else's folder, or a file system that refuses permissions: what its owner decided stands.
        }

        return IsPrivate(folder);
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsPrivate(string folder) => (File.GetUnixFileMode(folder) & ~OwnerOnly) == UnixFileMode.None;
}
