namespace KeypointPipeline.Storage;

/// <summary>Creates files for what does not fit into memory. Nobody else can read them, and closing one deletes it.</summary>
internal static class TemporaryFile
{
    /// <summary>Creates an empty file that can be read and written.</summary>
    /// <param name="ending">Ending of its name, without the dot. It says what the file is while it exists.</param>
    /// <exception cref="IOException">The temporary folder cannot be written.</exception>
    public static FileStream Create(string ending)
    {
        string path = Path.Combine(Path.GetTempPath(), $"keypoints-{Guid.NewGuid():N}.{ending}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);

        // Without a name, nothing is left if this process is killed. Windows deletes the file by itself then.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
