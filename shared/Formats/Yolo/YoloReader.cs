using System.Runtime.CompilerServices;
using System.Text;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Coco;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Yolo;

/// <summary>Reads YOLO-pose datasets. Each label file is opened once.</summary>
internal sealed class YoloReader : LabelReader
{
    private const int LargestLabels = 4 * 1024 * 1024;

    private readonly InstanceSpool _spool;
    private readonly KeypointUnion _keypoints;
    private readonly YoloLine _lines;
    private readonly SortedSet<string> _classes = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    private YoloReader(string fileName)
    {
        FileName = fileName;
        _spool = new InstanceSpool(fileName);
        _keypoints = new KeypointUnion(fileName);
        _lines = new YoloLine(_keypoints);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints.Names;

    /// <inheritdoc/>
    public override string FileName { get; }

    /// <inheritdoc/>
    public override string RowWord => "line";

    /// <inheritdoc/>
    public override MirrorStatement? Mirror => _mirror;

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses
    {
        get
        {
            if (!_lines.Visibility.IsStated)
                yield return VisibilityNumbers.Guess;
            if (_lines.Marks > 0)
                yield return $"Points at 0, 0 or with negative coordinates are missing: {_lines.Marks:N0} points.";
            if (_classes.Count > 1)
                yield return $"The classes {ShownText.List(_classes)} have the same keypoints and are read together.";
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings
    {
        get
        {
            if (_lines.EmptyBoxes > 0)
                yield return $"{_lines.EmptyBoxes:N0} boxes have no width or height and were ignored.";
            foreach (string warning in _warnings)
                yield return warning;
        }
    }

    private MirrorStatement? _mirror;

    /// <summary>Reads the datasets into a spool.</summary>
    public static async Task<YoloReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        var reader = new YoloReader(ShownText.List([.. files.Select(file => FileNames.OwnName(file.Path))]));
        try
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            foreach (SetFile file in files)
            {
                YoloDescription description = await YoloDescription.ReadAsync(NamedFile.Of(set, file), reader._keypoints, cancellationToken);
                YoloPictures pictures = await YoloPictures.FindAsync(set, description, cancellationToken);
                reader._mirror ??= description.Mirror;
                reader._classes.UnionWith(description.Classes);
                reader._warnings.AddRange(pictures.Warnings);
                if (description.MirrorProblem is not null)
                    reader._warnings.Add(description.MirrorProblem);
                await reader.ReadLabelsAsync(set, description, [.. pictures.All.Where(picture => known.Add(picture.Labels.Path))], cancellationToken);
            }

            return reader;
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
        foreach (LabelledPicture picture in _spool.Read(Keypoints))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return _lines.Visibility.Apply(picture);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync()
    {
        _spool.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadLabelsAsync(FileSet set, YoloDescription description, YoloPicture[] pictures, CancellationToken cancellationToken)
    {
        int next = 0;
        await foreach (SmallFile labels in SmallFiles.ReadAsync(set, pictures.Select(picture => picture.Labels), LargestLabels, cancellationToken))
        {
            int number = _spool.Reserve();
            _spool.Describe(number, new LabelledPicture(pictures[next++].Path, []) { File = labels.File.Path, IsRelative = true });
            if (labels.Problem is not null)
                _spool.Add(number, new LabelledInstance(1, []) { Fault = new RowFault(RowProblemKind.Label, null, $"The label file {labels.Problem}.") });
            else
                Add(number, description, Encoding.UTF8.GetString(labels.Content.Span));
        }
    }

    private void Add(int picture, YoloDescription description, string text)
    {
        long row = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            row++;
            if (!line.Trim("\uFEFF \t").IsEmpty)
                _spool.Add(picture, _lines.Read(row, line.Trim("\uFEFF \t"), description));
        }
    }
}
