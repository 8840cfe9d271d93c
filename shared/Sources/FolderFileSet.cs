using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>The files of a folder of this machine and of its subfolders.</summary>
public sealed class FolderFileSet : FileSet
{
    private const int BufferBytes = 64 * 1024;

    private FolderFileSet(string name, IEnumerable<SetFile> files)
        : base(name, files)
    {
    }

    /// <summary>Lists a folder.</summary>
    /// <param name="path">Path of the folder. Its own name may start with a dot.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder at that path.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or one below it cannot be listed.</exception>
    public static FolderFileSet Open(string path)
    {
        var folder = new DirectoryInfo(path);
        var everyFile = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.System };
        return new FolderFileSet(folder.Name, folder.EnumerateFiles("*", everyFile)
            .Select(file => (File: file, Name: Path.GetRelativePath(folder.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(found => !FileNames.IsHidden(found.Name))
            .Select(found => new SetFile(found.Name, SizeOf(found.File), _ => Task.FromResult<Stream>(OpenFile(found.File.FullName)))));
    }

    /// <summary>Returns a file's size, or null for a link that leads nowhere.</summary>
    private static long? SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RejectedFileException($"The file cannot be opened: {e.Message}", e);
        }
    }
}
