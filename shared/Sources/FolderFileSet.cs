using KeypointPipeline.Files;

namespace KeypointPipeline.Sources;

/// <summary>The files of a folder of this machine and of its subfolders.</summary>
public sealed class FolderFileSet : FileSet
{
    private const int BufferBytes = 64 * 1024;

    private readonly string _root;

    private FolderFileSet(string name, DirectoryInfo root, IEnumerable<SetFile> files)
        : base(name, files) => _root = root.FullName;

    /// <summary>Lists a folder.</summary>
    /// <param name="path">Path of the folder. Its own name may start with a dot.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder at that path.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or one below it cannot be listed.</exception>
    public static FolderFileSet Open(string path)
    {
        var folder = new DirectoryInfo(path);
        return new FolderFileSet(folder.Name, folder, List(folder, folder, ignoreInaccessible: false));
    }

    /// <summary>Lists the folder of a file. Subfolders that cannot be listed are left out: the person named the file alone.</summary>
    /// <param name="path">Path of the file.</param>
    public static FolderFileSet OpenAround(string path)
    {
        DirectoryInfo folder = new FileInfo(path).Directory!;
        return new FolderFileSet(folder.Name, folder, List(folder, folder, ignoreInaccessible: true));
    }

    /// <summary>Lists a folder and some files beside it. Paths begin at the folder that holds all of them.</summary>
    /// <param name="path">Path of the folder.</param>
    /// <param name="beside">Names of the files beside it.</param>
    public static FolderFileSet OpenWith(string path, IEnumerable<string> beside)
    {
        var folder = new DirectoryInfo(Path.GetFullPath(path));
        DirectoryInfo parent = folder.Parent!;
        IEnumerable<SetFile> files = beside.Select(name => Create(new FileInfo(Path.Combine(parent.FullName, name)), name));
        return new FolderFileSet(folder.Name, parent, [.. files, .. List(parent, folder, ignoreInaccessible: false)]);
    }

    /// <summary>Returns the path of a file on this machine.</summary>
    /// <param name="path">Its path in the set.</param>
    internal string Locate(string path) => Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar));

    private static IEnumerable<SetFile> List(DirectoryInfo root, DirectoryInfo folder, bool ignoreInaccessible)
    {
        var everyFile = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = ignoreInaccessible, AttributesToSkip = FileAttributes.System };
        return folder.EnumerateFiles("*", everyFile)
            .Select(file => (File: file, Name: Path.GetRelativePath(root.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(found => !FileNames.IsHidden(found.Name))
            .Select(found => Create(found.File, found.Name));
    }

    private static SetFile Create(FileInfo file, string name) => new(name, SizeOf(file), _ => Task.FromResult<Stream>(OpenFile(file.FullName)));

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
