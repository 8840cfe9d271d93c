using KeypointPipeline.Files;

namespace KeypointPipeline.Datasets.Converting;

/// <summary>Writes one label file. It names the pictures by their paths from its folder; they stay where they are.</summary>
internal sealed class ConvertedFile : ConvertedFiles
{
    private readonly string _path;
    private readonly string _folder;
    private bool _leavesFolder;

    /// <summary>Starts a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidDataException">There is a folder at that path.</exception>
    public ConvertedFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
            throw new InvalidDataException($"{path} is a folder. Give a file, or state the format of a folder with --to.");
        _folder = Path.GetDirectoryName(_path)!;
        Directory.CreateDirectory(_folder);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => _leavesFolder
        ? [$"{Path.GetFileName(_path)} names pictures outside its folder, and training opens nothing outside. To train on it, convert into a folder, which gets copies."]
        : [];

    /// <inheritdoc/>
    public override StagedFile Create(string path) => StagedFile.Of(WholeFile.Create(_path, WholeFileOptions.SeveralWriters));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The picture is no file of its own, or it is on another drive.</exception>
    public override ValueTask<string> PlaceAsync(SourcePicture picture, CancellationToken cancellationToken)
    {
        if (picture.File is null)
        {
            throw new InvalidDataException(
                $"{Path.GetFileName(_path)} can only name pictures that are files, and {ShownText.Of(picture.Path)} is none. Convert into a folder, which gets copies of the pictures.");
        }

        string path = Path.GetRelativePath(_folder, picture.File);
        if (Path.IsPathRooted(path))
            throw new InvalidDataException($"{picture.File} is on another drive than {_path}. Convert into a folder, which gets copies of the pictures.");
        path = path.Replace(Path.DirectorySeparatorChar, '/');
        _leavesFolder |= path.StartsWith("../", StringComparison.Ordinal);
        return ValueTask.FromResult(path);
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        // The label file is in its place since it was committed.
    }
}
