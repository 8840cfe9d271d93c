using System.Collections.Concurrent;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Pictures;

/// <summary>Finds the pictures that labels name among the files of a set. Nothing outside the set can be found.</summary>
/// <remarks>A picture is found by its path from the label file's folder or from the set's root. The path may also start in a folder beside the
/// label file that gives the label file its name, as <c>test</c> beside <c>test_frames.csv</c>. Otherwise the longest end of the path that only one file has
/// finds it, so absolute paths of other machines and addresses work. Then its file name counts, if it is unique. A name without an ending is
/// compared with names before their endings. Case and the direction of slashes make no difference if one file is meant.
/// If several files may be meant, none is found. Paths of two pictures can also lead to one file by their ends, for example
/// <c>video1/001.png</c> and <c>video2/001.png</c> if only one of the videos is in the set. Call <see cref="Note"/> for all pictures first,
/// so that <see cref="Find"/> knows.</remarks>
internal sealed class PictureIndex
{
    /// <summary>The most files of one name that are compared by their folders.</summary>
    private const int MostOfOneName = 1_000;
    private const int MostNamed = 3;

    private readonly FileSet _set;
    private readonly ILookup<string, SetFile> _byName;
    private readonly Lazy<ILookup<string, SetFile>> _byPath;
    private readonly Lazy<ILookup<string, SetFile>> _byStem;
    private readonly Lazy<HashSet<string>> _folders;
    private readonly ConcurrentDictionary<string, string[]> _ownFolders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Claim> _claims = new(StringComparer.Ordinal);

    /// <summary>Lists the pictures of a set.</summary>
    public PictureIndex(FileSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        _set = set;
        SetFile[] pictures = [.. set.Files.Where(file => ImageNames.IsMeantAsImage(file.Path))];
        Count = pictures.Length;
        _byName = pictures.ToLookup(file => Key(FileNames.LastPart(file.Path)), StringComparer.OrdinalIgnoreCase);
        _byPath = new(() => pictures.ToLookup(file => Key(file.Path), StringComparer.OrdinalIgnoreCase));
        _folders = new(() => pictures.Select(file => FileNames.FolderOf(file.Path)).SelectMany(WithParents).ToHashSet(StringComparer.Ordinal));
        _byStem = new(() => pictures.ToLookup(file => Key(Stem(FileNames.LastPart(file.Path))), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Number of pictures in the set, judged by name.</summary>
    public int Count { get; }

    /// <summary>Returns the path of the picture beside a label file: the same name with the ending of a picture.</summary>
    /// <param name="set">The set.</param>
    /// <param name="labelFile">Path of the label file in the set.</param>
    /// <param name="path">The picture's path; if there is none, the name with a usual ending, so that a message can name it.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFindBeside(FileSet set, string labelFile, out string path)
    {
        string stem = labelFile[..^Path.GetExtension(labelFile).Length];
        string[] endings = [.. ImageNames.Endings, .. ImageNames.Endings.Select(ending => ending.ToUpperInvariant())];
        string? found = Array.Find(endings, ending => set.Find(stem + ending) is not null);
        path = stem + (found ?? ImageNames.Endings[0]);
        return found is not null;
    }

    /// <summary>Records that labels name a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="labelFile">Path of the label file in the set, if the picture does not state it.</param>
    public void Note(LabelledPicture picture, string labelFile)
    {
        Match match = Search(picture, labelFile);
        if (match.Files is not [SetFile file])
            return;
        _claims[file.Path] = !_claims.TryGetValue(file.Path, out Claim? earlier) ? new Claim(match.Stated, match.IsExact, Others: null)
            : earlier.IsExact && match.IsExact ? earlier
            : earlier.IsExact ? earlier with { Others = earlier.Others ?? match.Stated }
            : match.IsExact ? new Claim(match.Stated, IsExact: true, Others: earlier.Stated)
            : Same(earlier.Stated, match.Stated) ? earlier
            : earlier with { Others = earlier.Others ?? match.Stated };
    }

    /// <summary>Finds a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="labelFile">Path of the label file in the set, if the picture does not state it.</param>
    /// <returns>The file, or why there is none.</returns>
    public PictureLookup Find(LabelledPicture picture, string labelFile)
    {
        Match match = Search(picture, labelFile);
        string name = ShownText.Of(picture.Path);
        if (match.Files is not [SetFile file])
        {
            return Missing(match.Files.Count == 0
                ? $"the picture '{name}' is not in {_set.Name}"
                : $"the picture '{name}' may be any of {match.Files.Count:N0} files ({List(match.Files)}); write its path from the label file's folder");
        }

        if (match.IsExact || !_claims.TryGetValue(file.Path, out Claim? claim) || (!claim.IsExact && claim.Others is null))
            return new PictureLookup(file, Fault: null);
        string other = ShownText.Of(claim.IsExact || !Same(claim.Stated, match.Stated) ? claim.Stated : claim.Others!);
        return Missing(
            $"the picture '{name}' may be {ShownText.Of(file.Path)}, but '{other}' leads to the same file; write the paths from the label file's folder");
    }

    private static PictureLookup Missing(string text) => new(File: null, new RowFault(RowProblemKind.PictureMissing, Column: null, text));

    private Match Search(LabelledPicture picture, string labelFile)
    {
        string file = picture.File ?? labelFile;
        StatedPath[] paths = [.. StatedPath.Read(picture.Path), .. picture.OtherPath is string other ? StatedPath.Read(other) : []];
        foreach (StatedPath path in paths)
        {
            if (FindExactly(path, file) is { } found)
                return found;
            if (path.Tail is [.., string name] && _byName[Key(name)] is var named && named.Any())
                return new Match(LongestEnds([.. named.Take(MostOfOneName + 1)], path.Tail), path.Text, IsExact: false);
        }

        foreach (StatedPath path in paths)
        {
            if (path.Tail is [.., string name] && !ImageNames.HasImageEnding(name) && _byStem.Value[Key(name)] is var stems && stems.Any())
                return new Match(LongestEnds([.. stems.Take(MostOfOneName + 1)], path.Tail), path.Text, IsExact: false);
        }

        return new Match([], "", IsExact: false);
    }

    private Match? FindExactly(StatedPath path, string labelFile)
    {
        IEnumerable<string> places = path.Resolve(FileNames.FolderOf(labelFile));
        foreach (string place in places.Concat(_ownFolders.GetOrAdd(labelFile, FindOwnFolders).SelectMany(path.Resolve)).Distinct(StringComparer.Ordinal))
        {
            if (_set.Find(place) is SetFile same)
                return new Match([same], path.Text, IsExact: true);
            SetFile[] otherCase = [.. _byPath.Value[Key(place)]];
            if (otherCase.Length > 0)
                return new Match(otherCase, path.Text, IsExact: true);
        }

        return null;
    }

    /// <summary>Returns the folders of pictures beside a label file whose names its name starts with, the longest first.</summary>
    private string[] FindOwnFolders(string labelFile)
    {
        string around = FileNames.FolderOf(labelFile);
        string name = FileNames.LastPart(labelFile);
        return
        [
            .. _folders.Value
                .Where(folder => folder.Length > around.Length && folder.StartsWith(around, StringComparison.Ordinal)
                    && folder.IndexOf('/', around.Length) == folder.Length - 1
                    && name.StartsWith(folder[around.Length..^1], StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(folder => folder.Length)
                .ThenBy(folder => folder, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> WithParents(string folder)
    {
        for (int end = folder.IndexOf('/', StringComparison.Ordinal); end >= 0; end = folder.IndexOf('/', end + 1))
            yield return folder[..(end + 1)];
    }

    /// <summary>Returns the files whose folders agree longest with the stated ones.</summary>
    private static SetFile[] LongestEnds(SetFile[] files, IReadOnlyList<string> tail)
    {
        if (files.Length is 1 or > MostOfOneName)
            return files;
        int[] lengths = [.. files.Select(file => CommonFolders(file.Path, tail))];
        int longest = lengths.Max();
        return [.. files.Where((_, i) => lengths[i] == longest)];
    }

    private static int CommonFolders(string path, IReadOnlyList<string> tail)
    {
        string[] parts = path.Split('/');
        int common = 0;
        while (common + 1 < parts.Length && common + 1 < tail.Count && Same(parts[^(common + 2)], tail[^(common + 2)]))
            common++;
        return common;
    }

    private static bool Same(string first, string second) => Key(first).Equals(Key(second), StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns a text for comparisons: macOS writes accents as characters of their own.</summary>
    private static string Key(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair.
            return text;
        }
    }

    private static string Stem(string name) => ImageNames.HasImageEnding(name) ? name[..name.LastIndexOf('.')] : name;

    private static string List(IReadOnlyList<SetFile> files) => ShownText.List([.. files.Select(file => file.Path)], most: MostNamed);

    /// <param name="Files">The files that may be meant.</param>
    /// <param name="Stated">The path that led to them.</param>
    /// <param name="IsExact">Whether the whole path led to them.</param>
    private sealed record Match(IReadOnlyList<SetFile> Files, string Stated, bool IsExact);

    /// <param name="Stated">The path that led to the file.</param>
    /// <param name="IsExact">Whether the whole path led to it.</param>
    /// <param name="Others">Another path whose end leads to it, or null.</param>
    private sealed record Claim(string Stated, bool IsExact, string? Others);
}

/// <summary>The file of a picture that a label names.</summary>
/// <param name="File">The file, or null.</param>
/// <param name="Fault">Why there is none, or null.</param>
internal sealed record PictureLookup(SetFile? File, RowFault? Fault);
