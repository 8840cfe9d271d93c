namespace KeypointPipeline.Local.Machine;

/// <summary>Small files that other processes read: all of the old content or all of the new, for the user alone.</summary>
internal static class AtomicFile
{
    /// <summary>Creates or replaces a file.</summary>
    public static void Write(string path, string content)
    {
        string aside = path + ".tmp";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(aside, options))
            writer.Write(content);
        File.Move(aside, path, overwrite: true);
    }
}
