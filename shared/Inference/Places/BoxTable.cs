using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Inference.Places;

/// <summary>The rows of a <see cref="BoxFile"/> that belong to some pictures. Other rows are not kept, so the memory depends on the
/// pictures, not on the file.</summary>
/// <remarks>A path that differs from a picture's only in case belongs to it if no other of the pictures is meant.</remarks>
internal sealed class BoxTable
{
    /// <summary>The most instances of a picture that are predicted: the largest ones.</summary>
    public const int MostInstances = 256;

    private readonly Dictionary<string, Boxes> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Boxes?> _anyCase = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _folder;
    private readonly string _name;
    private long _unreadable;
    private string? _firstUnreadable;
    private long _strange;
    private string? _firstStrange;

    private BoxTable(string path, IEnumerable<string> images)
    {
        _folder = FileNames.FolderOf(path);
        _name = FileNames.OwnName(path);
        foreach (string image in images)
        {
            var boxes = new Boxes();
            _exact[image] = boxes;
            _anyCase[image] = _anyCase.ContainsKey(image) ? null : boxes;
        }
    }

    /// <summary>Reads the file.</summary>
    /// <param name="file">The file, with its path in the set.</param>
    /// <param name="images">Paths of the pictures in the set.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The file cannot be used. The message names it and says what is expected.</exception>
    public static async Task<BoxTable> ReadAsync(SetFile file, IEnumerable<string> images, CancellationToken cancellationToken)
    {
        var table = new BoxTable(file.Path, images);
        await table.ReadAsync(file, keeps: true, cancellationToken);
        return table;
    }

    /// <summary>Reads the file to its end and keeps nothing.</summary>
    /// <param name="file">The file, with its path in the set.</param>
    /// <param name="images">Paths of all pictures in the set; null if they are not known.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>What is wrong with rows that no picture can report, or null.</returns>
    /// <exception cref="RejectedFileException">As for <see cref="ReadAsync(SetFile, IEnumerable{string}, CancellationToken)"/>.</exception>
    public static async Task<string?> CheckAsync(SetFile file, IEnumerable<string>? images, CancellationToken cancellationToken)
    {
        var table = new BoxTable(file.Path, images ?? []);
        await table.ReadAsync(file, keeps: false, cancellationToken);
        return table.Describe(knowsAll: images is not null);
    }

    /// <summary>Returns the places of a picture's instances; none if the file has no row for it.</summary>
    public IReadOnlyList<InstancePlace> Of(string image) => _exact.GetValueOrDefault(image)?.ToPlaces(_name) ?? [];

    /// <summary>Says what is wrong with rows that no picture can report.</summary>
    /// <param name="knowsAll">Whether the pictures were all pictures of the set.</param>
    /// <returns>One or two sentences, or null if nothing is.</returns>
    public string? Describe(bool knowsAll)
    {
        string[] sentences =
        [
            .. _unreadable == 0 ? (string[])[] : [$"{_name}: {_unreadable:N0} rows cannot be read. The first: {_firstUnreadable}."],
            .. _strange == 0 || !knowsAll
                ? (string[])[]
                : [$"{_name}: {_strange:N0} rows name pictures that are not in the set, for example '{ShownText.Of(_firstStrange!)}'."],
        ];
        return sentences.Length == 0 ? null : string.Join(' ', sentences);
    }

    private async Task ReadAsync(SetFile file, bool keeps, CancellationToken cancellationToken)
    {
        await using BoxReader reader = await BoxReader.OpenAsync(file, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.Fault is string fault)
            {
                _unreadable++;
                _firstUnreadable ??= fault;
            }
            else if (reader.Place is InstancePlace place)
            {
                if (Find(reader.Image) is not Boxes boxes)
                {
                    _strange++;
                    _firstStrange ??= reader.Image;
                }
                else if (keeps)
                {
                    boxes.Add(place);
                }
            }
        }
    }

    private Boxes? Find(string image)
    {
        foreach (StatedPath path in StatedPath.Read(image))
        {
            foreach (string place in path.Resolve(_folder))
            {
                if (_exact.TryGetValue(place, out Boxes? found) || _anyCase.TryGetValue(place, out found))
                    return found;
            }
        }

        return null;
    }

    /// <summary>The places of one picture.</summary>
    private sealed class Boxes
    {
        private List<InstancePlace>? _places;
        private int _count;

        public void Add(InstancePlace place)
        {
            (_places ??= []).Add(place);
            _count++;
            if (_places.Count == 2 * MostInstances)
                KeepLargest();
        }

        public List<InstancePlace> ToPlaces(string file)
        {
            if (_count <= MostInstances)
                return _places ?? [];
            KeepLargest();
            string fault = $"{file} states {_count:N0} instances of this picture; the {MostInstances} largest are predicted";
            return [.. _places!, new InstancePlace(Box: null, file) { Fault = fault }];
        }

        private void KeepLargest() => _places = [.. _places!.OrderByDescending(place => place.Box is { } box ? box.Width * box.Height : -1).Take(MostInstances)];
    }
}
