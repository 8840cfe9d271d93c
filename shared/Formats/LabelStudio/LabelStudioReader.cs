using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.LabelStudio;

/// <summary>Reads the tasks of one or more exports.</summary>
/// <param name="set">The set.</param>
/// <param name="files">The exports.</param>
/// <param name="fileName">Their names, for messages.</param>
/// <param name="keypoints">The labels of all points.</param>
internal sealed class LabelStudioReader(FileSet set, IReadOnlyList<SetFile> files, string fileName, string[] keypoints) : LabelReader
{
    private readonly Dictionary<string, int> _indices =
        keypoints.Select((name, k) => (name, k)).ToDictionary(entry => entry.name, entry => entry.k, StringComparer.Ordinal);

    private long _severalAnnotations;
    private long _onlyPredicted;
    private long _turned;
    private long _repeated;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => keypoints;

    /// <inheritdoc/>
    public override string FileName => fileName;

    /// <inheritdoc/>
    public override string RowWord => LabelStudioTasks.WordFor(files[0]);

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses
    {
        get
        {
            if (_severalAnnotations > 0)
                yield return $"{_severalAnnotations:N0} tasks have several annotations. The one marked as ground truth is used, otherwise the newest.";
            if (_turned > 0)
                yield return $"{_turned:N0} pictures were turned on the screen (image_rotation). Their points belong to the pictures as they are.";
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings
    {
        get
        {
            if (_onlyPredicted > 0)
                yield return $"{_onlyPredicted:N0} tasks have predictions and no annotation. Predictions are never labels.";
            if (_repeated > 0)
                yield return $"{_repeated:N0} tasks name a picture that an earlier task labels. The earlier labels are used.";
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (_severalAnnotations, _onlyPredicted, _turned, _repeated) = (0, 0, 0, 0);
        var seen = new HashSet<ulong>();
        foreach (SetFile file in files)
        {
            await foreach (LabelStudioTask task in LabelStudioTasks.ReadAsync(set, file, cancellationToken))
            {
                _severalAnnotations += task.AnnotationCount > 1 ? 1 : 0;
                _onlyPredicted += task.IsOnlyPredicted ? 1 : 0;
                _turned += task.Regions.Any(region => region.IsTurned) ? 1 : 0;
                foreach (LabelledPicture picture in Read(task))
                {
                    bool isNew = picture.Path.Length == 0 || picture.Instances.Count == 0
                        || seen.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(picture.Path.AsSpan())));
                    _repeated += isNew ? 0 : 1;
                    if (isNew)
                        yield return picture with { File = file.Path };
                }
            }
        }
    }

    private IEnumerable<LabelledPicture> Read(LabelStudioTask task)
    {
        IReadOnlyList<string> pictures = task.Pictures;
        RowFault? fault = task.Fault;
        if (fault is null && pictures.Count == 0)
            fault = new RowFault(RowProblemKind.PictureMissing, Column: null, "names no picture: a member with the path or address of a picture is expected");
        if (fault is not null)
            return [new LabelledPicture(string.Empty, [new LabelledInstance(task.Number, []) { Fault = fault }])];
        return pictures.Select((path, item) => Read(task, LabelStudioPath.Clean(path), item));
    }

    private LabelledPicture Read(LabelStudioTask task, string path, int item)
    {
        LabelStudioRegion[] regions = [.. task.Regions.Where(region => region.Item == item)];
        return new LabelledPicture(path, FindFault(regions) is { } fault ? [new LabelledInstance(task.Number, []) { Fault = fault }] : Group(task, regions))
        {
            OtherPath = LabelStudioPath.WithoutPrefix(path),
            StatedSize = regions.FirstOrDefault(region => region.Size is not null)?.Size,
            IsRelative = true,
        };
    }

    private static RowFault? FindFault(LabelStudioRegion[] regions)
    {
        if (Array.Find(regions, region => double.IsNaN(region.X) || double.IsNaN(region.Y)) is { } point)
            return new RowFault(RowProblemKind.NotANumber, point.IsBox ? "rectangle" : ShownText.Of(point.Label), "x and y in percent are expected");
        return Array.Find(regions, region => region.IsBox && !(region.Sides.Width > 0 && region.Sides.Height > 0)) is null
            ? null
            : new RowFault(RowProblemKind.Box, "rectangle", "width and height in percent are expected, both more than 0");
    }

    private IReadOnlyList<LabelledInstance> Group(LabelStudioTask task, LabelStudioRegion[] regions)
    {
        var loose = new LooseRegions(keypoints);
        foreach (LabelStudioRegion box in regions.Where(region => region.IsBox))
        {
            (Images.PictureBox shares, Images.PictureBox extent) = box.ToBox();
            loose.AddBox(box.Id, shares, extent);
        }

        foreach (LabelStudioRegion point in regions.Where(region => !region.IsBox))
            loose.AddPoint(_indices[point.Label], point.X / 100, point.Y / 100, task.OwnerOf(point));
        return loose.ToInstances(task.Number);
    }
}
