using System.IO.Hashing;
using System.Runtime.InteropServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Formats.Via;

/// <summary>Finds out which of VIA's free attributes names a keypoint, and which an instance.</summary>
/// <param name="fileName">Name of the label files, for messages.</param>
internal sealed class ViaAttributes(string fileName)
{
    /// <summary>The most different attributes. More are not attributes that a person defined.</summary>
    private const int MostAttributes = 256;

    /// <summary>Names of attributes that say which keypoint a point is. Of several, the first counts.</summary>
    private static readonly string[] NameWords =
        [.. KeypointWords.Likely, "label", "point", "class", "type", "category", "id"];

    /// <summary>Names of attributes that say which instance a region belongs to. Of several, the first counts.</summary>
    private static readonly string[] InstanceWords =
        ["instance", "instance_id", "face", "face_id", "person", "person_id", "individual", "animal", "object", "object_id", "track", "track_id", "group"];

    private readonly Dictionary<string, long> _counts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ulong, int> _perInstance = [];
    private readonly LeftOutShapes _otherShapes = new();
    private string? _keypoint;
    private string? _instance;
    private long _points;

    /// <summary>What was found about the way the tables are written.</summary>
    public ISet<string> Guesses { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>What a person should know, one sentence each.</summary>
    public IEnumerable<string> Warnings => _otherShapes.Warnings;

    /// <summary>Whether no attribute names the keypoints: the points of an instance are numbered.</summary>
    public bool IsNumbered => _keypoint is null;

    /// <summary>The number of points that most instances have.</summary>
    public int UsualPoints { get; private set; }

    /// <summary>Counts a region.</summary>
    public void Survey(ViaRegion region)
    {
        if (region.OtherShape is { } shape)
            _otherShapes.Add(shape);
        if (region.Point is null)
            return;
        _points++;
        string instance = $"{region.File}\n{region.Picture}\n{Value(region, Array.Find(InstanceWords, word => Value(region, word) is not null))}";
        CollectionsMarshal.GetValueRefOrAddDefault(_perInstance, XxHash3.HashToUInt64(MemoryMarshal.AsBytes(instance.AsSpan())), out _)++;
        foreach ((string name, _) in region.Attributes)
        {
            if (_counts.Count < MostAttributes || _counts.ContainsKey(name))
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out _)++;
        }
    }

    /// <summary>Chooses the attributes after all regions were counted.</summary>
    /// <exception cref="RejectedFileException">There are attributes, and none of them is clearly the keypoint's name.</exception>
    public void Choose()
    {
        UsualPoints = _perInstance.Values.GroupBy(count => count).MaxBy(group => (group.Count(), group.Key))?.Key ?? 0;
        _perInstance.Clear();
        _perInstance.TrimExcess();
        _instance = Array.Find(InstanceWords, _counts.ContainsKey);
        string[] others = [.. _counts.Keys.Where(name => !name.Equals(_instance, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        _keypoint = Array.Find(NameWords, word => _counts.TryGetValue(word, out long count) && 2 * count >= _points);
        if (_keypoint is null && others.Length == 1)
            _keypoint = others[0];
        if (_keypoint is null && others.Length > 1)
        {
            throw new RejectedFileException(
                $"{fileName}: the points have the attributes {ShownText.List(others)}, and none of them is known to name the keypoint. "
                + $"Rename the attribute with the keypoint's name to {NameWords[0]}.");
        }

        if (_keypoint is not null)
            Guesses.Add($"Attribute {ShownText.Of(_keypoint)} names the keypoint.");
        else if (_points > 0)
            Guesses.Add("No attribute names the keypoints: the points of an instance are numbered in the order of the regions.");
        if (_instance is not null)
            Guesses.Add($"Attribute {ShownText.Of(_instance)} says which points belong together.");
    }

    /// <summary>Returns the keypoint's name, or null if the region is no point or has none.</summary>
    public string? NameOf(ViaRegion region) => region.Point is null ? null : Value(region, _keypoint);

    /// <summary>Returns the instance's name, or null.</summary>
    public string? InstanceOf(ViaRegion region) => Value(region, _instance);

    /// <summary>The fault of a point without name.</summary>
    public RowFault NoName(ViaRegion region) => new(RowProblemKind.Label, region.AttributesColumn, $"the point has no {ShownText.Of(_keypoint!)}: the keypoint's name is expected");

    private static string? Value(ViaRegion region, string? name) => name is null
        ? null
        : region.Attributes.FirstOrDefault(attribute => attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
