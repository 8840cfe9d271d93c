using KeypointPipeline.Files;

namespace KeypointPipeline.Local.Machine;

/// <summary>Files with keys that are created once and that only their owner may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the file. Creates it on first use, and removes permissions that a copy may have given to other users.</summary>
    public static string ReadOrCreate(string file, Func<string> create)
    {
        if (!File.Exists(file))
            WholeFile.Write(file, create(), WholeFileOptions.OwnerOnly);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) != OwnerOnly)
            File.SetUnixFileMode(file, OwnerOnly);
        return File.ReadAllText(file);
    }
}
