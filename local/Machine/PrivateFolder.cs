using System.Runtime.Versioning;

namespace KeypointPipeline.Local.Machine;

/// <summary>Creates folders that other users of this machine cannot read. Everything below such a folder is then closed to them
/// too, regardless of its own permissions.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates a folder, or closes an existing folder to other users. On Windows, and on file systems without permissions, the
    /// folder stays as open as the folder above it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="isOurs">Whether the folder may be closed even if it holds files. A mistyped path must not close a shared
    /// folder to its other users.</param>
    /// <returns>Whether the folder is closed to others. Always true on Windows, where permissions are not checked.</returns>
    public static bool Create(string path, bool isOurs)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return true;
        }

        // Only the folder itself is private, not the folders above it.
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is string above)
            Directory.CreateDirectory(above);
        DirectoryInfo created = Directory.CreateDirectory(full, OwnerOnly);
        string folder = created.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        if (IsPrivate(folder))
            return true;
        if (Directory.EnumerateFileSystemEntries(folder).Any() && !isOurs)
            return false;
        try
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) & OwnerOnly);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Another user owns the folder, or the file system rejects permissions. The folder keeps the permissions of its owner.
        }

        return IsPrivate(folder);
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsPrivate(string folder) => (File.GetUnixFileMode(folder) & ~OwnerOnly) == UnixFileMode.None;
}
