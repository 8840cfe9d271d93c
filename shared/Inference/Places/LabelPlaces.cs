using KeypointPipeline.Datasets.Opening;
using KeypointPipeline.Datasets.Pictures;
using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PixelCsv.Labels;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Inference.Places;

/// <summary>Where the instances of pictures are, from a label file in any format that is read: their boxes, or else their points.</summary>
internal sealed class LabelPlaces
{
    private readonly Dictionary<string, LabelledPicture> _pictures = new(StringComparer.Ordinal);
    private readonly PictureLabelReading _reading;
    private readonly IReadOnlyList<int> _columns;
    private readonly string _source;

    private LabelPlaces(LabelReader reader, KeypointSchema schema)
    {
        // A point at a usual missing mark says nothing about a place, whatever it means.
        _reading = new PictureLabelReading(
            new RowConventions { Missing = reader.HasOpenConventions ? [new MissingMark(0, 0), new MissingMark(-1, -1)] : [] }, reader.HasOpenConventions);
        var own = new KeypointNames(reader.Keypoints);
        _columns = [.. schema.Names.Select(own.Find)];
        _source = $"{reader.FileName} {reader.RowWord}";
    }

    /// <summary>Opens a label file.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The labels, or null if it is in no format that is read.</returns>
    public static async Task<PictureLabels?> FindAsync(string file, CancellationToken cancellationToken)
    {
        FileSet set = new SingleFile(DatasetSource.FromFile(file));
        SetFile only = set.Files[0];
        return await LabelFileSearch.RecogniseAsync(set, only, cancellationToken) is ILabelFormat format ? new PictureLabels(set, format, [only]) : null;
    }

    /// <summary>Reads the places of a set's pictures.</summary>
    /// <param name="labels">The label file.</param>
    /// <param name="set">The pictures.</param>
    /// <param name="schema">The model's keypoints.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RejectedFileException">The labels cannot be read.</exception>
    public static async Task<(LabelPlaces Places, string? Note)> ReadAsync(
        PictureLabels labels, FileSet set, KeypointSchema schema, CancellationToken cancellationToken)
    {
        await using LabelReader reader = await labels.OpenAsync(group: null, cancellationToken);
        var places = new LabelPlaces(reader, schema);
        var index = new PictureIndex(set);
        long strange = 0;
        string? first = null;
        await foreach (LabelledPicture picture in reader.ReadAsync(cancellationToken))
        {
            if (index.Find(picture, labels.MainFile).File is SetFile found)
            {
                places._pictures[found.Path] = places._pictures.TryGetValue(found.Path, out LabelledPicture? earlier)
                    ? earlier with { Instances = [.. earlier.Instances, .. picture.Instances] }
                    : picture;
            }
            else
            {
                strange++;
                first ??= picture.Path;
            }
        }

        return (places, strange == 0 ? null : $"{reader.FileName}: {strange:N0} pictures are not in {set.Name}, for example '{ShownText.Of(first!)}'.");
    }

    /// <summary>Returns the places of a picture's instances; none if the labels do not name it.</summary>
    /// <param name="image">Path of the picture in the set.</param>
    /// <param name="opened">The picture.</param>
    public IReadOnlyList<InstancePlace> Of(string image, OpenedPicture opened)
    {
        if (!_pictures.TryGetValue(image, out LabelledPicture? picture))
            return [];
        var size = PictureSize.Of(picture, opened);
        return
        [
            .. picture.Instances
                .OrderByDescending(instance => instance.Box is { } box ? box.Width * box.Height : 0)
                .Take(BoxTable.MostInstances)
                .Select(instance => Place(picture, instance, size, opened)),
        ];
    }

    private InstancePlace Place(LabelledPicture picture, LabelledInstance instance, PictureSize size, OpenedPicture opened)
    {
        string source = $"{_source} {instance.Row:N0}";
        string? fault = instance.Fault is { } wrong ? $"{source}{(wrong.Column is null ? "" : $", {wrong.Column}")}: {wrong.Text}"
            : size.Fit == SizeFit.Other ? $"{source}: the labels are of a picture of {size.Stated} pixels, and this one has {opened.Width}×{opened.Height}"
            : null;
        if (fault is not null)
            return new InstancePlace(Box: null, source) { Id = instance.Id, Fault = fault };
        ReadLabels read = _reading.Read(picture, instance, size);
        float[] points = [.. _columns.SelectMany(k => k < 0 ? (float[])[float.NaN, float.NaN] : [read.Points[2 * k], read.Points[(2 * k) + 1]])];
        return new InstancePlace(read.Box, source) { Points = points, Id = instance.Id };
    }
}
