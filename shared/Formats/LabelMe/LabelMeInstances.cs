using System.Runtime.InteropServices;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Formats.LabelMe;

/// <summary>Puts the shapes of each picture into instances.</summary>
/// <remarks><c>group_id</c> links shapes if the picture has no rectangle, or if one of its rectangles has a <c>group_id</c>. Otherwise people use
/// it for something else, for example the visibility of points, and the rectangles decide which points belong together.</remarks>
/// <param name="fileName">Name of the label files, for messages.</param>
internal sealed class LabelMeInstances(string fileName)
{
    private readonly KeypointList _keypoints = new(fileName);
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    /// <summary>The keypoints so far, in the order of first mention. The points of instances are in this order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Pictures whose rectangles have no <c>group_id</c> and whose points have.</summary>
    public long WithoutLinks { get; private set; }

    /// <summary>Pictures without rectangles whose groups of points have no keypoint in common.</summary>
    public long Divided { get; private set; }

    /// <summary>Returns the keypoints in their final order, and for each its index in <see cref="Names"/>.</summary>
    public (string[] Keypoints, int[] Order) Complete()
    {
        string[] keypoints = _keypoints.ToNames();
        return (keypoints, [.. keypoints.Select(name => _indices[name])]);
    }

    /// <summary>Returns the instances of a picture, in the order of the file.</summary>
    /// <param name="shapes">The picture's shapes.</param>
    /// <param name="file">Name of its label file, for messages.</param>
    /// <exception cref="Files.RejectedFileException">There are too many keypoints.</exception>
    public IReadOnlyList<LabelledInstance> Read(IReadOnlyList<LabelMeShape> shapes, string file)
    {
        LabelMeShape[] boxes = [.. shapes.Where(shape => shape.Box is not null)];
        LabelMeShape[] points = [.. shapes.Where(shape => shape.Point is not null)];
        LabelMeShape[] grouped = [.. points.Where(point => point.Group is not null)];
        bool areLinked = boxes.Length == 0 || Array.Exists(boxes, box => box.Group is not null);
        if (!areLinked && grouped.Length > 0)
            WithoutLinks++;
        if (boxes.Length == 0 && grouped.Length > 0 && grouped.Length < points.Length)
            return [new LabelledInstance(1, []) { Fault = Mixed }];
        if (boxes.Length == 0 && IsDivided(grouped))
            Divided++;

        var loose = new LooseRegions(_names);
        foreach (LabelMeShape shape in shapes)
        {
            string? key = areLinked ? shape.Group : null;
            if (shape.Box is { } box)
                loose.AddBox(key, box, box);
            else if (shape.Point is { } point)
                loose.AddPoint(IndexOf(shape.Label, file), point.X, point.Y, key, shape.State);
        }

        _keypoints.EndPicture();
        return [.. loose.ToInstances(1).Select((instance, i) => instance with { Row = i + 1 })];
    }

    private static RowFault Mixed => new(
        RowProblemKind.Label,
        Column: null,
        "some points have a group_id and others have none, and there is no rectangle: which of them belong together is unknown. Give the points of an "
            + "instance the same group_id");

    private static bool IsDivided(LabelMeShape[] grouped) =>
        grouped.DistinctBy(point => point.Group).Skip(1).Any()
        && grouped.GroupBy(point => point.Label).All(keypoint => keypoint.DistinctBy(point => point.Group).Count() == 1);

    private int IndexOf(string keypoint, string file)
    {
        _keypoints.Add(keypoint, file);
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_indices, keypoint, out bool isKnown);
        if (!isKnown)
        {
            index = _names.Count;
            _names.Add(keypoint);
        }

        return index;
    }
}
