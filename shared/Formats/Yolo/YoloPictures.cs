using KeypointPipeline.Files;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Yolo;

/// <summary>Finds the pictures of a dataset and their label files.</summary>
internal sealed class YoloPictures
{
    private const string ImageFolder = "images";
    private const string LabelFolder = "labels";
    private const string LabelEnding = ".txt";
    private const string ClassList = "/classes.txt";
    private const int LongestList = 256 * 1024 * 1024;

    private readonly FileSet _set;
    private readonly string _folder;
    private readonly Dictionary<string, SetFile> _labels = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _warnings = [];

    private YoloPictures(FileSet set, YoloDescription description)
    {
        _set = set;
        _folder = FileNames.FolderOf(description.Path);
        foreach (SetFile file in set.Files.Where(file => file.Path.EndsWith(LabelEnding, StringComparison.OrdinalIgnoreCase)))
            _labels.TryAdd(file.Path, file);
    }

    /// <summary>The pictures and their label files, in the order of the pictures' paths. A picture without label file shows nothing and is
    /// left out.</summary>
    public IReadOnlyList<YoloPicture> All { get; private set; } = [];

    /// <summary>What may be wrong, one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Finds the pictures.</summary>
    /// <param name="set">The set.</param>
    /// <param name="description">The dataset's root file.</param>
    /// <param name="cancellationToken">Cancels the reading of lists.</param>
    /// <exception cref="RejectedFileException">There is no label file.</exception>
    public static async Task<YoloPictures> FindAsync(FileSet set, YoloDescription description, CancellationToken cancellationToken)
    {
        var pictures = new YoloPictures(set, description);
        List<YoloPicture> found = pictures.Find();
        Func<YoloPicture, bool>? isOfSplit = await pictures.SplitsAsync(description, cancellationToken);
        pictures.All = isOfSplit is null ? found : found.FindAll(picture => isOfSplit(picture));
        if (pictures.All.Count > 0)
            return pictures;
        throw new RejectedFileException(
            $"{FileNames.OwnName(description.Path)} has no label files in {set.Name}. Expected a {LabelEnding} file for each picture: for {ImageFolder}/a.jpg the file {LabelFolder}/a{LabelEnding}.");
    }

    /// <summary>Returns the path of a picture's label file.</summary>
    public static string LabelPathOf(string picture) => Counterpart(picture, ImageFolder, LabelFolder, LabelEnding);

    /// <summary>Returns a path with another folder and another ending.</summary>
    private static string Counterpart(string path, string from, string to, string ending)
    {
        string[] parts = path.Split('/');
        int folder = Array.FindLastIndex(parts, Math.Max(0, parts.Length - 2), part => part.Equals(from, StringComparison.OrdinalIgnoreCase));
        if (folder >= 0 && folder < parts.Length - 1)
            parts[folder] = to;
        int dot = parts[^1].LastIndexOf('.');
        parts[^1] = (dot > 0 ? parts[^1][..dot] : parts[^1]) + ending;
        return string.Join('/', parts);
    }

    private static bool HasFolder(string path, string folder) => path.Split('/').SkipLast(1).Contains(folder, StringComparer.OrdinalIgnoreCase);

    private List<YoloPicture> Find()
    {
        var found = new List<YoloPicture>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (SetFile picture in _set.Files.Where(file => ImageNames.IsMeantAsImage(file.Path)))
        {
            if (_labels.TryGetValue(LabelPathOf(picture.Path), out SetFile? label))
            {
                found.Add(new YoloPicture(picture.Path, label));
                used.Add(label.Path);
            }
        }

        // Labels whose pictures are missing are reported, not lost. Labelling tools put a list of the classes beside the labels.
        found.AddRange(_labels.Values.Where(label => !used.Contains(label.Path) && HasFolder(label.Path, LabelFolder) && !label.Path.EndsWith(ClassList, StringComparison.OrdinalIgnoreCase))
            .Select(label => new YoloPicture(Counterpart(label.Path, LabelFolder, ImageFolder, ""), label)));
        found.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return found;
    }

    /// <summary>Returns what tells the pictures of the splits, or null if the file names none that are in the set: then all are meant.</summary>
    private async Task<Func<YoloPicture, bool>?> SplitsAsync(YoloDescription description, CancellationToken cancellationToken)
    {
        var folders = new List<string>();
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string member, string place) in description.Splits)
        {
            if (FindFolder(description.Root, place) is string folder)
                folders.Add(folder);
            else if (Candidates(description.Root, place).Select(_set.Find).FirstOrDefault(file => file is not null) is { } list)
                await AddListAsync(list, listed, cancellationToken);
            else
                _warnings.Add($"{FileNames.OwnName(description.Path)}: {member} names '{ShownText.Of(place)}', which is not in {_set.Name}.");
        }

        return folders.Count == 0 && listed.Count == 0 ? null : IsOfSplit;

        bool IsOfSplit(YoloPicture picture) =>
            folders.Exists(folder => picture.Path.StartsWith(folder, StringComparison.OrdinalIgnoreCase)) || listed.Contains(picture.Labels.Path);
    }

    /// <summary>Adds the label files of the pictures in a list.</summary>
    private async Task AddListAsync(SetFile list, HashSet<string> listed, CancellationToken cancellationToken)
    {
        if (list.Length > LongestList)
            throw new RejectedFileException($"{FileNames.OwnName(list.Path)} has more than {LongestList:N0} bytes. Expected a list of pictures.");
        using var reader = new StreamReader(await NamedFile.Of(_set, list).OpenAsync(cancellationToken));
        long unknown = 0;
        string folder = FileNames.FolderOf(list.Path);
        while (await reader.ReadLineAsync(cancellationToken) is string line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            SetFile? label = Tails(folder, line).Concat(Tails(_folder, line))
                .Select(path => _labels.GetValueOrDefault(LabelPathOf(path)))
                .FirstOrDefault(file => file is not null);
            if (label is null)
                unknown++;
            else
                listed.Add(label.Path);
        }

        if (unknown > 0)
            _warnings.Add($"{FileNames.OwnName(list.Path)} names {unknown:N0} pictures that have no label file in {_set.Name}.");
    }

    private string? FindFolder(string root, string place) => Candidates(root, place).Select(path => path.Length == 0 ? "" : path + "/")
        .FirstOrDefault(folder => folder.Length == 0 || _set.Files.Any(file => file.Path.StartsWith(folder, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The places in the set that a stated path may mean: relative to the file's folder or to the set, with and without the folders
    /// in front of it, which are often those of another machine.</summary>
    private IEnumerable<string> Candidates(string root, string place) =>
        Tails(_folder, place).Take(1).Concat(Tails(_folder, $"{root}/{place}"));

    private static IEnumerable<string> Tails(string folder, string stated)
    {
        string[] parts = [.. stated.Trim().Replace('\\', '/').Split('/').Where(part => part.Length > 0 && part is not ("." or ".."))];
        for (int first = 0; first < Math.Max(1, parts.Length); first++)
        {
            string tail = string.Join('/', parts[Math.Min(first, parts.Length)..]);
            yield return (folder + tail).TrimEnd('/');
            if (folder.Length > 0)
                yield return tail;
        }
    }
}

/// <summary>A picture and its label file.</summary>
/// <param name="Path">The picture's path in the set. Without ending if the picture is not in the set.</param>
/// <param name="Labels">The label file.</param>
internal readonly record struct YoloPicture(string Path, SetFile Labels);
