using System.Runtime.CompilerServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.LabelMe;

/// <summary>Reads a file per picture. Each file is opened once, a few ahead, and its labels wait in a temporary file.</summary>
internal sealed class LabelMeReader : LabelReader
{
    /// <summary>The most bytes of a file without its embedded pictures: 100,000 corners of polygons.</summary>
    private const int LargestFile = 8 * 1024 * 1024;

    private const int MostNamed = 3;

    private readonly FileSet _set;
    private readonly InstanceSpool _spool;
    private readonly LabelMeInstances _instances;
    private readonly LeftOutShapes _leftOut = new();
    private readonly Named _others = new();
    private readonly Named _astray = new();
    private long _scored;
    private int[] _order = [];
    private string[] _keypoints = [];
    private string? _problem;

    private LabelMeReader(FileSet set, string fileName)
    {
        FileName = fileName;
        _set = set;
        _spool = new InstanceSpool(fileName);
        _instances = new LabelMeInstances(fileName);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints;

    /// <inheritdoc/>
    public override string FileName { get; }

    /// <inheritdoc/>
    public override string RowWord => "instance";

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => _instances.WithoutLinks == 0
        ? []
        : [$"In {_instances.WithoutLinks:N0} pictures points have a group_id and rectangles have none: the rectangles decide which points belong together."];

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings
    {
        get
        {
            foreach (string warning in _leftOut.Warnings)
                yield return warning;
            if (_instances.Divided > 0)
            {
                yield return $"In {_instances.Divided:N0} pictures without rectangles, group_id makes several instances that have no keypoint in common. "
                    + "If group_id does not say which points belong together, remove it.";
            }

            if (_scored > 0)
                yield return $"{_scored:N0} points have a score: a model drew them. They count as labels, also if nobody corrected them.";
            if (_others.Count > 0)
                yield return $"{_others.Count:N0} JSON files have no member {LabelMeFile.ShapesMember} and were left out: {_others.List}.";
            if (_astray.Count > 0)
            {
                yield return $"{_astray.Count:N0} files name another picture (imagePath) than the one beside them with their own name: {_astray.List}. "
                    + "imagePath counts.";
            }
        }
    }

    /// <summary>Reads the files into a spool.</summary>
    public static async Task<LabelMeReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        string first = FileNames.OwnName(files[0].Path);
        var reader = new LabelMeReader(set, files.Count == 1 ? first : $"{first} and {files.Count - 1:N0} more");
        try
        {
            await foreach (SmallFile file in SmallFiles.ReadAsync(set, files.Select(WithoutPicture), LargestFile, cancellationToken))
                reader.Add(file.File.Path, file.Problem is null ? LabelMeFile.Parse(file.Content) : LabelMeFile.Bad(file.Problem));
            (reader._keypoints, reader._order) = reader._instances.Complete();
            return reader._keypoints.Length > 0 ? reader : throw new RejectedFileException(reader.WhyEmpty());
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
        foreach (LabelledPicture picture in _spool.Read(_instances.Names))
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

    private static SetFile WithoutPicture(SetFile file) =>
        file with { Length = null, OpenAsync = async token => new ShortenedBase64(await file.OpenAsync(token)) };

    private void Add(string path, LabelMeFile content)
    {
        if (content.IsOther)
        {
            _others.Add(path);
            return;
        }

        foreach (string kind in content.OtherShapes)
            _leftOut.Add(kind);
        bool isBeside = PictureIndex.TryFindBeside(_set, path, out string beside);
        if (isBeside && NamesAnother(content.Picture, path, beside))
            _astray.Add($"{path} names {content.Picture}");
        string own = FileNames.LastPart(beside);
        int picture = _spool.Reserve();
        _spool.Describe(picture, new LabelledPicture(content.Picture.Length > 0 ? content.Picture : own, [])
        {
            OtherPath = isBeside ? own : null,
            File = path,
            StatedSize = content.Size,
        });
        if (content.Fault is { } fault)
        {
            _problem ??= $"{FileNames.OwnName(path)}: {fault.Text}";
            _spool.Add(picture, new LabelledInstance(1, []) { Fault = fault });
            return;
        }

        _scored += content.Shapes.Count(shape => shape.Point is not null && shape.HasScore);
        foreach (LabelledInstance instance in _instances.Read(content.Shapes, FileNames.OwnName(path)))
            _spool.Add(picture, instance);
    }

    /// <summary>Whether a file names another picture of the set than the one beside it. LabelMe would show that one, but somebody may have
    /// renamed the files.</summary>
    private bool NamesAnother(string stated, string file, string beside) =>
        StatedPath.Read(stated).SelectMany(path => path.Resolve(FileNames.FolderOf(file))).FirstOrDefault(place => _set.Find(place) is not null) is { } named
        && !Path.GetFileNameWithoutExtension(named).Equals(Path.GetFileNameWithoutExtension(beside), StringComparison.OrdinalIgnoreCase);

    private string WhyEmpty() =>
        $"{FileName}: no shape is a point. A point for each keypoint, with the keypoint's name as label, is expected."
        + string.Concat(_leftOut.Warnings.Select(warning => $" {warning}"))
        + (_problem is null ? string.Empty : $" {_problem.TrimEnd('.')}.");

    /// <summary>A number of files, of which a few are named.</summary>
    private sealed class Named
    {
        private readonly List<string> _first = [];

        public long Count { get; private set; }

        public string List => ShownText.List([.. _first]) + (Count > _first.Count ? $" and {Count - _first.Count:N0} more" : string.Empty);

        public void Add(string name)
        {
            if (Count++ < MostNamed)
                _first.Add(name);
        }
    }
}
