using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>What names the keypoints of a set.</summary>
/// <param name="attribute">The attribute that names the keypoint of a shape of one point; null if its label does.</param>
/// <param name="numbered">The labels whose points are numbered, with the number of points of a shape.</param>
/// <param name="isOnlyNumbered">Whether the points of one label are all keypoints.</param>
internal sealed class CvatNames(string? attribute, IReadOnlyDictionary<string, int> numbered, bool isOnlyNumbered)
{
    private Dictionary<string, int> _indices = [];

    /// <summary>The attribute that names the keypoint of a shape of one point; null if its label does.</summary>
    public string? Attribute => attribute;

    /// <summary>Whether a shape with several points is an instance by itself.</summary>
    public bool IsOnlyNumbered => isOnlyNumbered;

    /// <summary>Two skeletons with different points, some of which have the same name, for a message; otherwise null.</summary>
    public string? SharedNames { get; init; }

    /// <summary>The keypoints in their order.</summary>
    public IReadOnlyList<string> Keypoints { get; private set; } = [];

    /// <summary>What was decided, one sentence each.</summary>
    public IEnumerable<string> Guesses
    {
        get
        {
            if (attribute is not null)
                yield return $"Attribute {attribute} names the keypoint.";
            if (numbered.Count > 0)
                yield return $"The points of {ShownText.List([.. numbered.Keys])} are numbered in the order in which they were placed.";
        }
    }

    /// <summary>Sets the keypoints.</summary>
    public void Complete(string[] keypoints)
    {
        Keypoints = keypoints;
        _indices = keypoints.Select((name, k) => (name, k)).ToDictionary(entry => entry.name, entry => entry.k, StringComparer.Ordinal);
    }

    /// <summary>The name of a numbered point.</summary>
    public string Number(string label, int i) => isOnlyNumbered ? $"{i}" : $"{label}_{i}";

    /// <summary>The keypoint of a skeleton's point.</summary>
    public int IndexOf(CvatShape element) => _indices[element.Label];

    /// <summary>The keypoint of a point of a shape without skeleton and without <see cref="FindFault"/>.</summary>
    public int IndexOf(CvatShape shape, int i) =>
        _indices[numbered.ContainsKey(shape.Label) ? Number(shape.Label, i) : attribute is null ? shape.Label : shape.Names[attribute]];

    /// <summary>Whether the points of a shape are numbered.</summary>
    public bool IsNumbered(CvatShape shape) => numbered.ContainsKey(shape.Label);

    /// <summary>Returns why a shape cannot be used, or null.</summary>
    public RowFault? FindFault(CvatShape shape) => shape.Fault ?? shape.Kind switch
    {
        CvatShapeKind.Skeleton => shape.Elements.Select(FindElementFault).FirstOrDefault(fault => fault is not null),
        CvatShapeKind.Points => FindPointsFault(shape),
        _ => null,
    };

    private static RowFault? FindElementFault(CvatShape element)
    {
        if (element.IsOutside)
            return null;
        return element.Fault ?? (element.Label.Length == 0 ? Bad(element.Label, "a point of the skeleton has no label: the keypoint's name is expected")
            : element.Points.Count > 1 ? Bad(element.Label, $"has {element.Points.Count:N0} points in one skeleton: one is expected")
            : null);
    }

    private RowFault? FindPointsFault(CvatShape shape)
    {
        int count = shape.Points.Count;
        if (numbered.TryGetValue(shape.Label, out int usual))
        {
            return count == usual ? null
                : Bad(shape.Label, $"a shape has {count:N0} points, most have {usual:N0}: it is unknown which one is which");
        }

        if (count > 1)
            return Bad(shape.Label, $"a shape has {count:N0} points, most have one: it is unknown which one is meant");
        bool hasName = attribute is null ? shape.Label.Length > 0 : shape.Names.ContainsKey(attribute);
        return hasName ? null : Bad(shape.Label, $"the point has no {attribute ?? "label"}: the keypoint's name is expected");
    }

    private static RowFault Bad(string label, string problem) => new(RowProblemKind.Label, label.Length == 0 ? null : label, problem);
}
