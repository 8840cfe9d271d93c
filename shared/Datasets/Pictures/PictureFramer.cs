using System.IO.Hashing;
using KeypointPipeline.Datasets.Writing;
using KeypointPipeline.Files;
using KeypointPipeline.Formats;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PixelCsv;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>Reads a labelled picture once and frames all its instances. Several threads can call it at once.</summary>
/// <param name="labels">Says where labels and pictures are.</param>
/// <param name="reading">Turns labels into pixels.</param>
/// <param name="framing">How instances become frames, for the keypoints of the labels.</param>
/// <param name="frame">Frame size in pixels.</param>
/// <param name="faces">Finds the place of faces whose labels say too little; null if the instances are no faces.</param>
/// <param name="erasedGroups">Hashes of the groups whose instances are left out.</param>
internal sealed class PictureFramer(
    PictureSource labels, PictureLabelReading reading, Framing framing, FrameSize frame, FacePlaces? faces, IReadOnlySet<ulong> erasedGroups)
{
    /// <summary>Frames the instances of a picture.</summary>
    /// <exception cref="IOException">The picture could not be read. Retry.</exception>
    public async Task<FramedPicture> FrameAsync(LabelledPicture picture, CancellationToken cancellationToken)
    {
        FramedInstance[] instances = [.. picture.Instances.Select(instance => Start(picture, instance))];
        int[] open = [.. Enumerable.Range(0, instances.Length).Where(i => IsOpen(instances[i], picture.Instances[i]))];
        if (open.Length == 0)
            return new FramedPicture(instances);
        try
        {
            PictureLookup found = labels.Find(picture);
            if (found.Fault is not null)
                return new FramedPicture(WithFault(instances, open, found.Fault));
            ArraySegment<byte> file = await labels.ReadAsync(found.File!, cancellationToken);
            return Frame(picture, found.File!, file, instances, open);
        }
        catch (Exception e) when (e is ImageRejectedException or RejectedFileException)
        {
            return new FramedPicture(WithFault(instances, open, PictureSource.Unreadable(picture, e)));
        }
    }

    private static FramedInstance[] WithFault(FramedInstance[] instances, int[] open, RowFault fault)
    {
        foreach (int i in open)
            instances[i] = instances[i] with { Row = instances[i].Row with { Fault = fault } };
        return instances;
    }

    private FramedInstance Start(LabelledPicture picture, LabelledInstance instance)
    {
        ulong? group = instance.Group is null ? null : GroupKey.Of(instance.Group);
        var row = new ReadRow(instance.Row, Line: 0, instance.Fault, GroupKey: group);
        return new FramedInstance(row, labels.Describe(picture, instance))
        {
            IsPrediction = PredictionChecksum.IsUnchanged(instance.Origin, instance.Checksum, instance.Points),
        };
    }

    /// <summary>Whether an instance may be a row of the dataset. Otherwise its picture is not needed.</summary>
    private bool IsOpen(FramedInstance instance, LabelledInstance labelled) =>
        instance.Row.Fault is null && !instance.IsPrediction
        && Array.Exists(labelled.Points, value => !float.IsNaN(value))
        && !(instance.Row.GroupKey is ulong group && erasedGroups.Contains(group));

    private FramedPicture Frame(LabelledPicture picture, SetFile source, ArraySegment<byte> file, FramedInstance[] instances, int[] open)
    {
        using OpenedPicture opened = labels.Decoder.Open(file);
        var size = PictureSize.Of(picture, opened);
        if (size.FindFault(picture) is RowFault other)
            return new FramedPicture(WithFault(instances, open, other), size.Fit, file.Count);

        UInt128 hash = XxHash128.HashToUInt128(file);
        var placed = new List<(int Index, ReadLabels Labels, FrameTransform Place)>();
        foreach (int i in open)
        {
            ReadLabels read = reading.Read(picture, picture.Instances[i], size);
            instances[i] = instances[i] with
            {
                PictureHash = hash,
                Row = instances[i].Row with { Marked = read.Marked, HalfLabel = read.HalfLabel, Fault = FindFarPoint(read.Points, picture, opened) },
            };
            if (instances[i].Row.Fault is not null || !read.HasLabels)
                continue;
            float[] points = read.Points;
            bool isFound = read.Box is null && KnownPoints.Count(points) < 2 && FindFace(opened, ref points);
            if (framing.TryPlace(read.Box, points, opened.Width, opened.Height, frame, out FrameTransform place, out string? problem))
                placed.Add((i, read, place));
            if (problem is null)
                instances[i] = instances[i] with { IsFoundFace = isFound };
            else
                instances[i] = instances[i] with { Row = instances[i].Row with { Fault = new RowFault(RowProblemKind.Box, Column: null, problem) } };
        }

        if (placed.Count > 0)
        {
            IReadOnlyList<byte[]> frames = opened.Sample([.. placed.Select(instance => instance.Place)], frame);
            for (int i = 0; i < frames.Count; i++)
                instances[placed[i].Index] = Complete(instances[placed[i].Index], placed[i].Labels, placed[i].Place, frames[i], source.Path);
        }

        return new FramedPicture(instances, size.Fit, file.Count);
    }

    /// <summary>Replaces points that give no place by those of the found face that contains them.</summary>
    private bool FindFace(OpenedPicture opened, ref float[] points)
    {
        if (faces?.Find(opened, points) is not float[] found)
            return false;
        points = found;
        return true;
    }

    private RowFault? FindFarPoint(float[] points, LabelledPicture picture, OpenedPicture opened)
    {
        for (int i = 0; i < points.Length; i++)
        {
            if (OutsideFrame.IsFar(points[i], i % 2 == 0 ? opened.Width : opened.Height))
            {
                return new RowFault(
                    RowProblemKind.OutsideFrame,
                    labels.Keypoints[i / 2],
                    $"{(i % 2 == 0 ? "x" : "y")} is {points[i]}, more than {DatasetLimits.OutsideFrameShare:P0} of a side outside the {opened.Width}×{opened.Height} picture '{ShownText.Of(picture.Path)}'");
            }
        }

        return null;
    }

    /// <summary>Moves the labels into the frame. A point of the picture that lies far outside the frame is missing.</summary>
    private FramedInstance Complete(FramedInstance instance, ReadLabels read, FrameTransform place, byte[] pixels, string path)
    {
        float[] coordinates = new float[read.Points.Length];
        LostPoints lost = default;
        int outside = -1;
        int count = 0;
        for (int k = 0; k < read.States.Length; k++)
        {
            (double frameX, double frameY) = place.ToFrame(read.Points[2 * k], read.Points[(2 * k) + 1]);
            (float x, float y) = ((float)frameX, (float)frameY);
            if (OutsideFrame.IsFar(x, frame.Width) || OutsideFrame.IsFar(y, frame.Height))
            {
                lost = new LostPoints(lost.Points + 1, lost.Points == 0 ? k : lost.First);
                read.States[k] = LabelState.Missing;
                (x, y) = (float.NaN, float.NaN);
            }
            else if (!float.IsNaN(x))
            {
                count++;
                if (outside < 0 && (OutsideFrame.Distance(x, frame.Width) > 0 || OutsideFrame.Distance(y, frame.Height) > 0))
                    outside = k;
            }

            // All missing labels have the same bits: duplicates and ids compare them.
            (coordinates[2 * k], coordinates[(2 * k) + 1]) = float.IsNaN(x) ? (float.NaN, float.NaN) : (x + 0f, y + 0f);
        }

        ReadRow row = instance.Row with { LabelCount = count, OutsideLabel = outside, Lost = lost };
        return count == 0 ? instance with { Row = row } : instance with
        {
            Row = row,
            Pixels = pixels,
            Coordinates = coordinates,
            Framed = new FramedRow(read.States, place, path, Instance: "", read.Box),
        };
    }
}
