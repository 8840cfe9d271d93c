using System.Globalization;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Yolo;

/// <summary>What <c>data.yaml</c> says.</summary>
internal sealed class YoloDescription
{
    private const int MostDimensions = 3;

    private static readonly string[] SplitMembers = ["train", "val", "valid", "test"];

    private readonly Dictionary<int, int[]> _keypointsOfClass = [];
    private readonly int[] _keypoints;

    private YoloDescription(string path, IReadOnlyDictionary<string, object?> members, KeypointUnion keypoints)
    {
        Path = path;
        string file = FileNames.OwnName(path);
        if (members.GetValueOrDefault(YoloFormat.Shape) is not List<object?> { Count: 2 } shape
            || !TryRead(shape[0], 1, KeypointUnion.Most, out int count) || !TryRead(shape[1], 2, MostDimensions, out int dimensions))
            throw new RejectedFileException($"{file}: {YoloFormat.Shape} is not a number of keypoints and 2 or 3. Expected for example [17, 3].");
        Dimensions = dimensions;
        Count = count;
        ReadNames(members.GetValueOrDefault("kpt_names"), file, keypoints);
        _keypoints = _keypointsOfClass.Count > 0
            ? _keypointsOfClass[_keypointsOfClass.Keys.Min()]
            : keypoints.Add([.. Enumerable.Range(0, count).Select(k => $"{k}")], YoloFormat.Shape);
        Classes = [.. Items(members.GetValueOrDefault("names")).Select(item => item.Value as string ?? "")];
        Root = members.GetValueOrDefault("path") as string ?? "";
        Splits = [.. SplitMembers.SelectMany(split => Entries(split, members.GetValueOrDefault(split)))];
        Mirror = ReadMirror(members.GetValueOrDefault("flip_idx"), file, keypoints.Names);
    }

    /// <summary>Path of the file in the set.</summary>
    public string Path { get; }

    /// <summary>Number of keypoints of an instance.</summary>
    public int Count { get; }

    /// <summary>Numbers of a keypoint: 2, or 3 with visibility.</summary>
    public int Dimensions { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The dataset's folder as stated: often one of another machine. May be empty.</summary>
    public string Root { get; }

    /// <summary>Where the pictures are: the member's name and a folder or a list of pictures, as stated.</summary>
    public IReadOnlyList<(string Member, string Place)> Splits { get; }

    /// <summary>The mirror pairs, or null if the file states none.</summary>
    public MirrorStatement? Mirror { get; }

    /// <summary>Why <c>flip_idx</c> is ignored, or null.</summary>
    public string? MirrorProblem { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keypoints">Receives the names of the keypoints.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file cannot be used. The message says what is expected.</exception>
    public static async Task<YoloDescription> ReadAsync(SetFile file, KeypointUnion keypoints, CancellationToken cancellationToken) =>
        new(file.Path, await YamlTree.ReadAsync(file, cancellationToken), keypoints);

    /// <summary>Returns the indices of a class's keypoints in the names of the dataset.</summary>
    public int[] KeypointsOf(int number) => _keypointsOfClass.GetValueOrDefault(number, _keypoints);

    private static bool TryRead(object? value, int least, int most, out int number) =>
        int.TryParse(value as string, NumberStyles.Integer, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;

    /// <summary>The items of a list, or of a mapping from numbers.</summary>
    private static IEnumerable<(int Number, object? Value)> Items(object? value) => value switch
    {
        List<object?> list => list.Select((item, i) => (i, item)),
        Dictionary<string, object?> members => members.Where(member => TryRead(member.Key, 0, int.MaxValue, out _))
            .Select(member => (int.Parse(member.Key, CultureInfo.InvariantCulture), member.Value)).OrderBy(member => member.Item1),
        _ => [],
    };

    private static IEnumerable<(string Member, string Place)> Entries(string member, object? value) => value switch
    {
        string { Length: > 0 } place => [(member, place)],
        List<object?> places => places.OfType<string>().Where(place => place.Length > 0).Select(place => (member, place)),
        _ => [],
    };

    private void ReadNames(object? value, string file, KeypointUnion keypoints)
    {
        foreach ((int number, object? item) in Items(value))
        {
            // Names of one class need no level of classes.
            List<object?>? names = item is string ? value as List<object?> : item as List<object?>;
            if (names is null)
                continue;
            if (names.Count != Count)
                throw new RejectedFileException($"{file}: kpt_names has {names.Count:N0} names, and {YoloFormat.Shape} states {Count:N0} keypoints. Correct one of them.");
            _keypointsOfClass[number] = keypoints.Add([.. names.Select(name => name as string ?? "")], $"kpt_names of class {number}");
            if (item is string)
                return;
        }
    }

    private MirrorStatement? ReadMirror(object? value, string file, IReadOnlyList<string> names)
    {
        if (value is not List<object?> { Count: > 0 } list)
            return null;
        int[] partners = [.. list.Select(item => TryRead(item, 0, Count - 1, out int partner) ? partner : -1)];
        if (partners.Length != Count || partners.Where((partner, k) => partner < 0 || partners[partner] != k).Any())
        {
            MirrorProblem = $"{file}: flip_idx is ignored. Expected {Count:N0} numbers from 0 to {Count - 1:N0}, where each keypoint is the partner of its partner.";
            return null;
        }

        // Exporters that know no pairs write 0, 1, 2, …
        string[][] pairs = [.. partners.Select((partner, k) => (partner, k)).Where(pair => pair.k < pair.partner).Select(pair => (string[])[names[_keypoints[pair.k]], names[_keypoints[pair.partner]]])];
        return pairs.Length == 0 ? null : new MirrorStatement(pairs, $"flip_idx in {file}");
    }
}
