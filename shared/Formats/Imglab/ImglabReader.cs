using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Xml;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Imglab;

/// <summary>Reads imglab files, streaming. The parts' order is known once all names are.</summary>
internal sealed class ImglabReader : LabelReader
{
    private readonly InstanceSpool _spool;
    private readonly KeypointUnion _parts;
    private long _ignored;

    /// <summary>For each keypoint its index in <see cref="_parts"/>.</summary>
    private int[] _order = [];
    private string[] _keypoints = [];

    private ImglabReader(string fileName)
    {
        FileName = fileName;
        _spool = new InstanceSpool(fileName);
        _parts = new KeypointUnion(fileName);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints;

    /// <inheritdoc/>
    public override string FileName { get; }

    /// <inheritdoc/>
    public override string RowWord => "box";

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => _ignored == 0 ? [] : [$"{_ignored:N0} boxes with ignore='1' were left out."];

    /// <summary>Reads the files into a spool.</summary>
    public static async Task<ImglabReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        string first = FileNames.OwnName(files[0].Path);
        var reader = new ImglabReader(files.Count == 1 ? first : $"{first} and {files.Count - 1:N0} more");
        try
        {
            foreach (SetFile file in files)
                await reader.ReadFileAsync(set, file, files.Count > 1, cancellationToken);
            (reader._order, reader._keypoints) = Sort(reader._parts.Names);
            if (reader._order.Length > 0)
                return reader;
            throw new RejectedFileException($"{reader.FileName} has no box with parts, so no keypoints. Expected <part name='…' x='…' y='…'/> in its boxes.");
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (LabelledPicture picture in _spool.Read(_parts.Names))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return picture with { Instances = [.. picture.Instances.Select(instance => instance.InOrder(_order))] };
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync()
    {
        _spool.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns the order of the parts, and the keypoints' names in that order. Numbers lose their leading zeros, unless two parts would
    /// then have one name.</summary>
    private static (int[] Order, string[] Keypoints) Sort(IReadOnlyList<string> names)
    {
        int[] order = [.. Enumerable.Range(0, names.Count).OrderBy(k => names[k], StringComparer.Ordinal)];
        if (!names.All(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return (order, [.. order.Select(k => names[k])]);
        int[] numbers = [.. names.Select(name => int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture))];
        order = [.. order.OrderBy(k => numbers[k])];
        return numbers.Distinct().Count() == numbers.Length
            ? (order, [.. order.Select(k => numbers[k].ToString(CultureInfo.InvariantCulture))])
            : (order, [.. order.Select(k => names[k])]);
    }

    private async Task ReadFileAsync(FileSet set, SetFile file, bool isOneOfSeveral, CancellationToken cancellationToken)
    {
        await using XmlNodes nodes = await XmlNodes.OpenAsync(set, file, cancellationToken);
        var elements = new ImglabElements(_parts);
        int picture = -1;
        while (await nodes.ReadAsync())
        {
            if (nodes.Node is { NodeType: XmlNodeType.Element, Name: "image" })
                picture = _spool.Add(ImglabElements.Picture(nodes.Node) with { File = isOneOfSeveral ? file.Path : null });
            else if (picture >= 0 && elements.Take(nodes.Node) is { } box)
                Add(picture, box);
        }
    }

    private void Add(int picture, ImglabBox box)
    {
        if (box.IsIgnored)
            _ignored++;
        else
            _spool.Add(picture, box.Instance);
    }
}
