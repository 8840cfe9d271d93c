using System.Globalization;
using System.Xml;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Xml;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>A shape of a picture, in CVAT's pixels: measured at the picture's edges.</summary>
/// <param name="kind">What it is.</param>
/// <param name="line">Its line in the file, from 1.</param>
internal sealed class CvatShape(CvatShapeKind kind, int line)
{
    /// <summary>The most points of a shape.</summary>
    private const int MostPoints = DatasetLimits.Keypoints;

    /// <summary>Numbers beyond it are no pixels.</summary>
    private const double Largest = 1e9;

    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What it is.</summary>
    public CvatShapeKind Kind => kind;

    /// <summary>Its line in the file, from 1.</summary>
    public int Line => line;

    /// <summary>Its label, for example <c>nose</c>; empty if it has none.</summary>
    public string Label { get; private init; } = string.Empty;

    /// <summary>What links it to other shapes of the picture, or null.</summary>
    public string? Group { get; private init; }

    /// <summary>Whether its points are hidden.</summary>
    public bool IsOccluded { get; private init; }

    /// <summary>Whether the point of a skeleton is not labelled.</summary>
    public bool IsOutside { get; private init; }

    /// <summary>Whether a model placed it and nobody has moved it.</summary>
    public bool IsAutomatic { get; private init; }

    /// <summary>The points, unless it is a skeleton or a box.</summary>
    public IReadOnlyList<(double X, double Y)> Points { get; private set; } = [];

    /// <summary>The points of a skeleton, each with its own label.</summary>
    public List<CvatShape> Elements { get; } = [];

    /// <summary>The box, or null if it is none.</summary>
    public PictureBox? Box { get; private set; }

    /// <summary>Why it cannot be used, or null.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>The values of those attributes that may name a keypoint (<see cref="KeypointWords.Likely"/>).</summary>
    public IReadOnlyDictionary<string, string> Names => _names;

    /// <summary>Reads the attributes of an element of XML.</summary>
    public static CvatShape Read(CvatShapeKind kind, XmlReader element, int line)
    {
        var shape = new CvatShape(kind, line)
        {
            Label = XmlNodes.TextOf(element, "label"),
            Group = XmlNodes.TextOf(element, "group_id") switch
            {
                "" or "0" => null,
                string group => group,
            },
            IsOccluded = element.GetAttribute("occluded") == "1",
            IsOutside = element.GetAttribute("outside") == "1",
            IsAutomatic = element.GetAttribute("source") == "auto",
        };
        if (kind == CvatShapeKind.Box)
            shape.ReadBox(element);
        else if (kind == CvatShapeKind.Points)
            shape.ReadPoints(element.GetAttribute("points"));
        return shape;
    }

    /// <summary>Adds an attribute that a person defined in CVAT.</summary>
    public void AddName(string attribute, string value)
    {
        if (value.Length > 0)
            _names.TryAdd(attribute, value);
    }

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < Largest ? number : null;

    private void ReadBox(XmlReader element)
    {
        double?[] sides = [.. ((string[])["xtl", "ytl", "xbr", "ybr"]).Select(side => Number(element.GetAttribute(side)))];
        string? turned = element.GetAttribute("rotation");
        if (sides is not [double left, double top, double right, double bottom])
            Fault = new RowFault(RowProblemKind.Box, "box", "has no xtl, ytl, xbr and ybr that are numbers.");
        else if (!(right > left && bottom > top))
            Fault = new RowFault(RowProblemKind.Box, "box", "has no width or height.");
        else if ((turned is null ? 0 : Number(turned)) is not double angle)
            Fault = new RowFault(RowProblemKind.Box, "box", "has a rotation that is no number.");
        else
            Box = new PictureBox(left, top, right - left, bottom - top, angle);
    }

    private void ReadPoints(string? text)
    {
        string column = Label.Length > 0 ? Label : "points";
        var points = new List<(double X, double Y)>();
        foreach (Range pair in text.AsSpan().Split(';'))
        {
            ReadOnlySpan<char> point = text.AsSpan()[pair];
            int comma = point.IndexOf(',');
            if (comma < 0 || Number(point[..comma]) is not double x || Number(point[(comma + 1)..]) is not double y)
            {
                Fault = new RowFault(RowProblemKind.NotANumber, column, "has no points that are numbers, as in x,y;x,y.");
                return;
            }

            if (points.Count == MostPoints)
            {
                Fault = new RowFault(RowProblemKind.Label, column, $"has more than {MostPoints:N0} points.");
                return;
            }

            points.Add((x, y));
        }

        Points = points;
    }
}

/// <summary>The shapes that are read.</summary>
internal enum CvatShapeKind
{
    /// <summary>One or more points.</summary>
    Points,

    /// <summary>A rectangle.</summary>
    Box,

    /// <summary>Points with a label each.</summary>
    Skeleton,
}
