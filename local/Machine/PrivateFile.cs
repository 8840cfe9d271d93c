using KeypointPipeline.Files;

namespace KeypointPipeline.Local.Machine;

/// <summary>Keys that are chosen once and that nobody but their owner may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the file, made with this content on first use; takes from others what a copy may have given them.</summary>
    public static string ReadOrCreate(string file, Func<string> create)
    {
        if (!File.Exists(file))
            WholeFile.Write(file, create(), WholeFileOptions.OwnerOnly);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) != OwnerOnly)
            File.SetUnixFileMode(file, OwnerOnly);
        return File.ReadAllText(file);
    }
}
