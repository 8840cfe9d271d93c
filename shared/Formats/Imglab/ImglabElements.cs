using System.Globalization;
using System.Text;
using System.Xml;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;

namespace KeypointPipeline.Formats.Imglab;

/// <summary>Puts the boxes of a file together from its elements.</summary>
/// <param name="parts">Receives the names of the parts.</param>
internal sealed class ImglabElements(KeypointUnion parts)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string> _names = [];
    private readonly List<float> _points = [];
    private long _row;
    private bool _isInBox;
    private bool _isIgnored;
    private PictureBox? _box;
    private RowFault? _fault;

    /// <summary>Reads the attributes of an <c>image</c>.</summary>
    public static LabelledPicture Picture(XmlReader image)
    {
        string path = image.GetAttribute("file") ?? "";
        return new LabelledPicture(path, [])
        {
            OtherPath = AsUtf8(path),
            StatedSize = (Number(image, "width"), Number(image, "height")) is ( >= 1 and <= int.MaxValue and var width, >= 1 and <= int.MaxValue and var height)
                ? ((int)width, (int)height)
                : null,
        };
    }

    /// <summary>Takes the next element of an image.</summary>
    /// <returns>The box that it completes, or null.</returns>
    public ImglabBox? Take(XmlReader xml)
    {
        if (xml is { NodeType: XmlNodeType.Element, Name: "box" })
        {
            Start(xml);
            return xml.IsEmptyElement ? Complete() : null;
        }

        if (_isInBox && xml is { NodeType: XmlNodeType.Element, Name: "part" })
            AddPart(xml);
        return _isInBox && xml is { NodeType: XmlNodeType.EndElement, Name: "box" } ? Complete() : null;
    }

    private static double? Number(XmlReader element, string attribute) =>
        double.TryParse(element.GetAttribute(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    /// <summary>Returns a name whose UTF-8 bytes were read as ISO-8859-1, or null if they are none.</summary>
    private static string? AsUtf8(string name)
    {
        if (Ascii.IsValid(name) || name.Any(c => c > '\u00FF'))
            return null;
        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(name));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private void Start(XmlReader box)
    {
        _row++;
        _isInBox = true;
        _isIgnored = box.GetAttribute("ignore") is "1" or "true";
        _names.Clear();
        _points.Clear();
        (_box, _fault) = (null, null);
        if (Number(box, "left") is double left && Number(box, "top") is double top
            && Number(box, "width") is double width and > 0 && Number(box, "height") is double height and > 0)
            _box = new PictureBox(left, top, width, height, (Number(box, "angle") ?? 0) * 180 / Math.PI);
        else
            _fault = new RowFault(RowProblemKind.Box, "box", "has no left, top, width and height, or is empty.");
    }

    private void AddPart(XmlReader part)
    {
        string name = part.GetAttribute("name") ?? "";
        (double? x, double? y) = (Number(part, "x"), Number(part, "y"));
        if (_names.Count == KeypointUnion.Most)
            _fault ??= new RowFault(RowProblemKind.Label, null, $"has more than {KeypointUnion.Most:N0} parts.");
        else if (x is null || y is null || !float.IsFinite((float)x) || !float.IsFinite((float)y))
            _fault ??= new RowFault(RowProblemKind.NotANumber, ShownText.Of(name), "has no x and y that are numbers.");
        else if (_names.Contains(name.Trim(), StringComparer.Ordinal))
            _fault ??= new RowFault(RowProblemKind.Label, ShownText.Of(name), "is there twice. Keep one of them.");
        else
        {
            _names.Add(name.Trim());
            _points.AddRange((float)x, (float)y);
        }
    }

    private ImglabBox Complete()
    {
        _isInBox = false;
        if (_isIgnored || _fault is not null)
            return new ImglabBox(new LabelledInstance(_row, []) { Fault = _fault }, _isIgnored);
        int[] indices = parts.Add(_names, $"box {_row:N0}");
        float[] points = new float[2 * parts.Names.Count];
        Array.Fill(points, float.NaN);
        for (int i = 0; i < indices.Length; i++)
            (points[2 * indices[i]], points[(2 * indices[i]) + 1]) = (_points[2 * i], _points[(2 * i) + 1]);
        return new ImglabBox(new LabelledInstance(_row, points) { Box = _box }, IsIgnored: false);
    }
}

/// <summary>A box of a file.</summary>
/// <param name="Instance">The labels.</param>
/// <param name="IsIgnored">Whether the file says that the box trains nothing.</param>
internal sealed record ImglabBox(LabelledInstance Instance, bool IsIgnored);
