using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Xml;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>Reads a file, streaming: the labels that <c>meta</c> lists, and the pictures. One picture is in memory at a time.</summary>
/// <param name="set">The set.</param>
/// <param name="file">The file.</param>
internal sealed class CvatFile(FileSet set, SetFile file)
{
    /// <summary>The most labels that are kept. They only order the keypoints.</summary>
    private const int MostLabels = 4 * DatasetLimits.Keypoints;

    private readonly List<CvatLabel> _labels = [];
    private CvatImage? _image;
    private CvatShape? _skeleton;
    private CvatShape? _shape;
    private int _depth;

    /// <summary>The labels of <c>meta</c>, in its order. Complete after reading.</summary>
    public IReadOnlyList<CvatLabel> Labels => _labels;

    /// <summary>The shapes of kinds that are not read. Complete after reading.</summary>
    public LeftOutShapes LeftOut { get; } = new();

    /// <summary>Reads the pictures from the start of the file. It is called once.</summary>
    /// <exception cref="RejectedFileException">The file is not XML, or is an export for video.</exception>
    /// <exception cref="IOException">It could not be read. Retry.</exception>
    public async IAsyncEnumerable<CvatImage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using XmlNodes nodes = await XmlNodes.OpenAsync(set, file, cancellationToken);
        while (await nodes.ReadAsync())
        {
            if (nodes.Node.NodeType == XmlNodeType.Element)
                await StartAsync(nodes);
            if (nodes.Node.NodeType == XmlNodeType.EndElement || nodes.Node.IsEmptyElement)
            {
                CvatImage? complete = nodes.Node.Name == "image" ? _image : null;
                End(nodes.Node.Name);
                if (complete is not null)
                    yield return complete;
            }
        }
    }

    private static int? Side(XmlReader image, string attribute) =>
        int.TryParse(image.GetAttribute(attribute), NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side > 0 ? side : null;

    private async Task StartAsync(XmlNodes nodes)
    {
        XmlReader node = nodes.Node;
        if (_image is null)
        {
            await StartOutsideAsync(nodes);
        }
        else if (node.Name == "attribute")
        {
            string attribute = XmlNodes.TextOf(node, "name");
            if (_shape is not null && KeypointWords.Likely.Contains(attribute, StringComparer.OrdinalIgnoreCase))
                _shape.AddName(attribute, await nodes.ReadTextAsync());
        }
        else if (node.Depth == _depth + 1)
        {
            StartShape(nodes);
        }
    }

    private async Task StartOutsideAsync(XmlNodes nodes)
    {
        XmlReader node = nodes.Node;
        switch (node.Name)
        {
            case "image":
                _image = new CvatImage(node.GetAttribute("name") ?? string.Empty, node.GetAttribute("subset"), nodes.Line)
                {
                    Size = (Side(node, "width"), Side(node, "height")) is (int width, int height) ? (width, height) : null,
                };
                _depth = node.Depth;
                break;
            case "track":
                throw new RejectedFileException(
                    $"{FileNames.OwnName(file.Path)} is \"CVAT for video 1.1\": its tracks count frames and name no pictures. Export the same task as "
                    + "\"CVAT for images 1.1\" with \"Save images\" switched on. That export has the tracks' shapes on each frame.");
            case "label":
                await ReadLabelAsync(nodes);
                break;
        }
    }

    /// <summary>Reads a label of <c>meta</c> to its end.</summary>
    private async Task ReadLabelAsync(XmlNodes nodes)
    {
        if (nodes.Node.IsEmptyElement)
            return;
        (int depth, int line) = (nodes.Node.Depth, nodes.Line);
        (string name, string? parent) = (string.Empty, null);
        while (await nodes.ReadAsync() && nodes.Node.Depth > depth)
        {
            if (nodes.Node is { NodeType: XmlNodeType.Element, Name: "name" } && nodes.Node.Depth == depth + 1)
                name = await nodes.ReadTextAsync();
            else if (nodes.Node is { NodeType: XmlNodeType.Element, Name: "parent" } && nodes.Node.Depth == depth + 1)
                parent = await nodes.ReadTextAsync();
        }

        if (_labels.Count < MostLabels)
            _labels.Add(new CvatLabel(name, parent, line));
    }

    private void StartShape(XmlNodes nodes)
    {
        CvatShapeKind? kind = nodes.Node.Name switch
        {
            "points" => CvatShapeKind.Points,
            "box" when _skeleton is null => CvatShapeKind.Box,
            "skeleton" when _skeleton is null => CvatShapeKind.Skeleton,
            _ => null,
        };
        if (kind is null)
        {
            _shape = null;
            LeftOut.Add(nodes.Node.Name);
            return;
        }

        _shape = CvatShape.Read(kind.Value, nodes.Node, nodes.Line);
        _image!.Add(_shape, _skeleton);
        if (kind == CvatShapeKind.Skeleton)
            (_skeleton, _depth) = (_shape, nodes.Node.Depth);
    }

    private void End(string name)
    {
        if (name == "image")
            (_image, _skeleton, _shape) = (null, null, null);
        else if (name == "skeleton" && _skeleton is not null)
            (_skeleton, _shape, _depth) = (null, null, _depth - 1);
        else if (name is "points" or "box")
            _shape = _skeleton;
    }
}

/// <summary>A label of <c>meta</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The skeleton that it is a point of, or null.</param>
/// <param name="Line">Its line in the file, from 1.</param>
internal sealed record CvatLabel(string Name, string? Parent, int Line);
