using KeypointPipeline.Files;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>Writes a new folder: label files, and copies of the pictures in <c>images/</c>. Everything is written to a folder beside it,
/// which gets its name at the end.</summary>
internal sealed class ConvertedFolder : ConvertedFiles
{
    private const string Images = "images";

    private readonly string _path;
    private readonly string _aside;
    private readonly Dictionary<string, string> _placed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Starts a folder.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidDataException">There is a file at that path, or a folder with files.</exception>
    public ConvertedFolder(string path)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(_path))
            throw new InvalidDataException($"{path} is a file. Give a folder that does not exist yet.");
        if (Directory.Exists(_path) && Directory.EnumerateFileSystemEntries(_path).Any())
            throw new InvalidDataException($"The folder {path} is not empty, and nothing in it is overwritten. Give a folder that does not exist yet.");
        _aside = $"{_path}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(_aside);
    }

    /// <inheritdoc/>
    public override StagedFile Create(string path) => StagedFile.Of(WholeFile.Create(Locate(path)));

    /// <inheritdoc/>
    /// <remarks>Names without their endings are unique, because formats such as YOLO name a label file after its picture.</remarks>
    public override async ValueTask<string> PlaceAsync(SourcePicture picture, CancellationToken cancellationToken)
    {
        if (_placed.TryGetValue(picture.Path, out string? earlier))
            return earlier;
        string path = $"{Images}/{Name(picture.Path)}";
        await using Stream content = await picture.OpenAsync(cancellationToken);
        await using (var file = new FileStream(Locate(path), FileMode.CreateNew, FileAccess.Write))
            await content.CopyToAsync(file, cancellationToken);
        _placed.Add(picture.Path, path);
        return path;
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        // Deleting fails if something was put into the folder meanwhile.
        if (Directory.Exists(_path))
            Directory.Delete(_path);
        Directory.Move(_aside, _path);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Directory.Exists(_aside))
            Directory.Delete(_aside, recursive: true);
        base.Dispose(disposing);
    }

    private string Locate(string path)
    {
        string file = LocalPath.Below(_aside, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    /// <summary>Returns a picture's name below <see cref="Images"/>. A folder that was converted before keeps its names.</summary>
    private string Name(string path)
    {
        if (path.StartsWith($"{Images}/", StringComparison.Ordinal))
            path = path[(Images.Length + 1)..];
        string safe = path.Split('/').All(part => LocalPath.IsFileName(part, onWindows: true)) ? path : $"{_placed.Count + 1:000000}{Path.GetExtension(path)}";
        int dot = safe.Length - Path.GetExtension(safe).Length;
        (string stem, string ending) = (safe[..dot], safe[dot..]);
        string name = stem;
        for (int number = 2; !_taken.Add(name); number++)
            name = $"{stem}-{number}";
        return name + ending;
    }
}
