using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>Looks at all shapes before any is read, and finds out what names the keypoints.</summary>
/// <remarks>
/// CVAT does not say what its labels mean:
/// <list type="bullet">
/// <item>A point of a skeleton has the keypoint's name as its label.</item>
/// <item>A shape of one point has it as its label too, unless an attribute has it: one of <see cref="KeypointWords.Sure"/>, or one of
/// <see cref="KeypointWords.Likely"/> if all such shapes have the same label. At least half of the shapes must have the attribute.</item>
/// <item>If most shapes of a label have several points, the points are numbered from 0. The numbers follow the label if there are other
/// keypoints.</item>
/// </list>
/// The keypoints are in the order in which <c>meta</c> lists the labels. Others follow in the order of first mention.
/// </remarks>
/// <param name="fileName">Name of the file, for messages.</param>
internal sealed class CvatSurvey(string fileName)
{
    /// <summary>The most names of all skeletons together.</summary>
    private const int MostElements = 16 * DatasetLimits.Keypoints;

    /// <summary>The most names of one attribute: one more than there may be keypoints, so that too many are noticed.</summary>
    private const int MostValues = DatasetLimits.Keypoints + 1;

    private readonly OrderedDictionary<string, LabelUse> _labels = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, OrderedDictionary<string, int>> _skeletons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeUse> _attributes = new(StringComparer.OrdinalIgnoreCase);
    private readonly OrderedDictionary<(string Name, string? Parent), int> _meta = [];
    private int _elements;

    /// <summary>The number of pictures.</summary>
    public long Pictures { get; private set; }

    /// <summary>The shapes of kinds that are not read.</summary>
    public LeftOutShapes LeftOut { get; } = new("skeletons, points and boxes");

    /// <summary>The number of skeletons and points that a model placed and nobody has moved.</summary>
    public long Automatic { get; private set; }

    /// <summary>Looks at a picture.</summary>
    /// <exception cref="RejectedFileException">There are too many labels.</exception>
    public void Add(CvatImage image)
    {
        Pictures++;
        foreach (CvatShape shape in image.Shapes)
        {
            Automatic += shape.IsAutomatic && shape.Kind != CvatShapeKind.Box ? 1 : 0;
            if (shape.Kind == CvatShapeKind.Skeleton)
                AddSkeleton(shape);
            else if (shape.Kind == CvatShapeKind.Points && shape.Fault is null)
                AddPoints(shape);
        }
    }

    /// <summary>Takes over what a file says besides its pictures, after all of them.</summary>
    public void AddRest(CvatFile file)
    {
        foreach (CvatLabel label in file.Labels)
            _meta.TryAdd((label.Name, label.Parent), label.Line);
        LeftOut.Add(file.LeftOut);
    }

    /// <summary>Decides what names the keypoints, after all pictures.</summary>
    /// <exception cref="RejectedFileException">A name cannot be used, or there are too many.</exception>
    public CvatNames ToNames()
    {
        Dictionary<string, int> numbered = _labels.Where(label => label.Key.Length > 0 && label.Value.UsualPoints > 1)
            .ToDictionary(label => label.Key, label => label.Value.UsualPoints, StringComparer.Ordinal);
        string? attribute = FindAttribute([.. _labels.Keys.Where(label => !numbered.ContainsKey(label))]);
        bool isOnlyNumbered = numbered.Count == 1 && _labels.Count == 1 && _skeletons.Count == 0;
        var names = new CvatNames(attribute, numbered, isOnlyNumbered) { SharedNames = SharedNames() };
        var keypoints = new KeypointList(fileName);
        foreach ((string name, int line) in List(names).DistinctBy(keypoint => keypoint.Name, StringComparer.Ordinal))
            keypoints.Add(name, $"line {line:N0}");
        names.Complete(keypoints.ToNames());
        return names;
    }

    private void AddSkeleton(CvatShape skeleton)
    {
        if (!_skeletons.TryGetValue(skeleton.Label, out OrderedDictionary<string, int>? names))
        {
            Check(_skeletons.Count < DatasetLimits.Keypoints, skeleton);
            _skeletons.Add(skeleton.Label, names = new OrderedDictionary<string, int>(StringComparer.Ordinal));
        }

        foreach (CvatShape element in skeleton.Elements.Where(element => element.Label.Length > 0))
        {
            if (names.TryAdd(element.Label, element.Line))
                Check(++_elements <= MostElements, element);
        }
    }

    private void AddPoints(CvatShape shape)
    {
        if (!_labels.TryGetValue(shape.Label, out LabelUse? use))
        {
            Check(_labels.Count < DatasetLimits.Keypoints, shape);
            _labels.Add(shape.Label, use = new LabelUse(shape.Line));
        }

        use.Sizes[shape.Points.Count] = use.Sizes.GetValueOrDefault(shape.Points.Count) + 1;
        if (shape.Points.Count > 1)
            return;
        foreach ((string attribute, string value) in shape.Names)
        {
            if (!_attributes.TryGetValue(attribute, out AttributeUse? values))
                _attributes.Add(attribute, values = new AttributeUse());
            values.Count++;
            if (values.Names.Count < MostValues)
                values.Names.TryAdd(value, shape.Line);
        }
    }

    private void Check(bool isLabelAllowed, CvatShape shape)
    {
        if (!isLabelAllowed)
            throw new RejectedFileException($"{fileName}, line {shape.Line:N0}: there are too many different labels. A label for each keypoint is expected.");
    }

    private string? FindAttribute(IReadOnlyCollection<string> labels)
    {
        long points = labels.Sum(label => _labels[label].Sizes.GetValueOrDefault(1));
        return (labels.Count > 1 ? KeypointWords.Sure : KeypointWords.Likely)
            .FirstOrDefault(word => _attributes.TryGetValue(word, out AttributeUse? use) && points > 0 && 2 * use.Count >= points);
    }

    /// <summary>Lists the keypoints with the lines that mention them. Some come again.</summary>
    private IEnumerable<(string Name, int Line)> List(CvatNames names)
    {
        IEnumerable<(string, int)> stated = _meta.SelectMany(label => OfMeta(label.Key.Name, label.Key.Parent, label.Value));
        IEnumerable<(string, int)> attributes = names.Attribute is null ? [] : _attributes[names.Attribute].Names.Select(value => (value.Key, value.Value));
        return
        [
            .. stated,
            .. _skeletons.Values.SelectMany(skeleton => skeleton.Select(element => (element.Key, element.Value))),
            .. _labels.Keys.SelectMany(OfLabel),
            .. attributes,
        ];

        IEnumerable<(string, int)> OfMeta(string label, string? parent, int line) => parent is null ? OfLabel(label)
            : label.Length > 0 && _skeletons.ContainsKey(parent) ? [(label, line)]
            : [];

        IEnumerable<(string, int)> OfLabel(string label) => label.Length == 0 || !_labels.TryGetValue(label, out LabelUse? use) ? []
            : use.UsualPoints > 1 ? Enumerable.Range(0, use.UsualPoints).Select(i => (names.Number(label, i), use.Line))
            : names.Attribute is null ? [(label, use.Line)]
            : [];
    }

    /// <summary>Finds skeletons with different points, some of which have the same name.</summary>
    private string? SharedNames()
    {
        string[] labels = [.. _skeletons.Keys.Take(DatasetLimits.ProblemsInDetail)];
        for (int i = 0; i < labels.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                HashSet<string> first = [.. _skeletons[labels[j]].Keys];
                if (first.Overlaps(_skeletons[labels[i]].Keys) && !first.SetEquals(_skeletons[labels[i]].Keys))
                    return $"{ShownText.Of(labels[j])} and {ShownText.Of(labels[i])}";
            }
        }

        return null;
    }

    /// <summary>How a label of points is used.</summary>
    /// <param name="line">Line of its first shape.</param>
    private sealed class LabelUse(int line)
    {
        public int Line => line;

        /// <summary>Number of shapes by their number of points.</summary>
        public Dictionary<int, long> Sizes { get; } = [];

        /// <summary>The number of points that most shapes have.</summary>
        public int UsualPoints => Sizes.MaxBy(size => (size.Value, size.Key)).Key;
    }

    /// <summary>How an attribute is used.</summary>
    private sealed class AttributeUse
    {
        public long Count { get; set; }

        /// <summary>Its values, each with the line of the first mention.</summary>
        public OrderedDictionary<string, int> Names { get; } = new(StringComparer.Ordinal);
    }
}
