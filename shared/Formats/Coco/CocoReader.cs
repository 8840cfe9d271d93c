using System.Runtime.CompilerServices;
using System.Text.Json;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Coco;

/// <summary>Reads COCO files. Annotations may come in any order and before the pictures that they name.</summary>
internal sealed class CocoReader : LabelReader
{
    private readonly InstanceSpool _spool;
    private readonly KeypointUnion _keypoints;
    private readonly CocoAnnotation _annotations;
    private readonly SortedSet<string> _withoutKeypoints = new(StringComparer.Ordinal);
    private long _leftOut;
    private long _crowds;

    private CocoReader(string fileName)
    {
        FileName = fileName;
        _spool = new InstanceSpool(fileName);
        _keypoints = new KeypointUnion(fileName);
        _annotations = new CocoAnnotation(_keypoints);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => _keypoints.Names;

    /// <inheritdoc/>
    public override string FileName { get; }

    /// <inheritdoc/>
    public override string RowWord => "annotation";

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses
    {
        get
        {
            if (!_annotations.Visibility.IsStated)
                yield return VisibilityNumbers.Guess;
            if (_leftOut > 0)
                yield return $"{_leftOut:N0} annotations of categories without keypoints were left out: {ShownText.List(_withoutKeypoints)}.";
            if (_crowds > 0)
                yield return $"{_crowds:N0} annotations of crowds (iscrowd = 1) have no labelled keypoint and were left out.";
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings
    {
        get
        {
            if (_annotations.EmptyBoxes > 0)
                yield return $"{_annotations.EmptyBoxes:N0} boxes have no width or height and were ignored.";
        }
    }

    /// <summary>Reads the files into a spool.</summary>
    public static async Task<CocoReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        string first = FileNames.OwnName(files[0].Path);
        var reader = new CocoReader(files.Count == 1 ? first : $"{first} and {files.Count - 1:N0} more");
        try
        {
            foreach (SetFile file in files)
                await reader.ReadFileAsync(NamedFile.Of(set, file), files.Count > 1, cancellationToken);
            if (reader.Keypoints.Count > 0)
                return reader;
            throw new RejectedFileException(
                $"{reader.FileName} is a COCO file without keypoints: no category names keypoints and no annotation has them. Export COCO keypoints, not boxes, masks or captions.");
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
            yield return _annotations.Visibility.Apply(picture);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync()
    {
        _spool.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadFileAsync(SetFile file, bool isOneOfSeveral, CancellationToken cancellationToken)
    {
        string own = FileNames.OwnName(file.Path);
        CocoCategories categories = await CocoCategories.ReadAsync(file, _keypoints, cancellationToken);
        var images = new CocoImages(_spool, isOneOfSeveral ? file.Path : null);
        await using Stream stream = await file.OpenAsync(cancellationToken);
        await foreach (JsonPiece piece in new JsonElements(stream, own, CocoFormat.Images, CocoFormat.Annotations).ReadAsync(cancellationToken))
        {
            using JsonDocument element = piece.Parse();
            if (piece.Member == CocoFormat.Images)
                images.Describe(element.RootElement);
            else
                Add(images, categories, piece.Number, element.RootElement);
        }

        images.DescribeUnknown();
    }

    private void Add(CocoImages images, CocoCategories categories, long row, JsonElement annotation)
    {
        int picture = images.NumberOf(annotation.FindId("image_id"));
        if (categories.Find(annotation.FindId("category_id")) is not { } category)
        {
            _spool.Add(picture, new LabelledInstance(row, []) { Fault = new RowFault(RowProblemKind.Label, "category_id", "names no category of the file.") });
            return;
        }

        LabelledInstance? instance = _annotations.Read(row, annotation, category);
        if (instance is null)
        {
            _leftOut++;
            if (_withoutKeypoints.Count < KeypointUnion.Most)
                _withoutKeypoints.Add(category.Name);
        }
        else if (instance.Fault is null && annotation.FindNumber("iscrowd") == 1 && Array.TrueForAll(instance.Points, float.IsNaN))
        {
            _crowds++;
        }
        else
        {
            _spool.Add(picture, instance);
        }
    }
}
