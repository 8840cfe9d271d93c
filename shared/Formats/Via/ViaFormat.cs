using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Via;

/// <summary>Annotations of the VGG Image Annotator (VIA 1 and 2), exported as CSV: one row per region, with JSON in the cells.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>Columns are <c>filename</c> (<c>#filename</c> in VIA 1), <c>file_size</c>, <c>file_attributes</c>, <c>region_count</c>,
/// <c>region_id</c>, <c>region_shape_attributes</c> and <c>region_attributes</c> (https://www.robots.ox.ac.uk/~vgg/software/via/).</item>
/// <item>A point is <c>{"name":"point","cx":…,"cy":…}</c>: the rounded pixel that was clicked, counted from 0 (ox-vgg/via,
/// <c>via-2.x.y/src/via.js</c>). Its centre is meant, so nothing is converted.</item>
/// <item>A rectangle is <c>{"name":"rect","x":…,"y":…,"width":…,"height":…}</c>, in the same pixels. Other shapes have no points and are
/// left out.</item>
/// <item>Attributes are free. An attribute of <see cref="ViaAttributes"/> names the keypoint, and another one the instance. Without a name
/// the points of an instance are numbered in the order of the rows.</item>
/// <item>There is no visibility. Sides are those of the attribute's text.</item>
/// </list>
/// </remarks>
internal sealed class ViaFormat : ILabelFormat
{
    /// <inheritdoc/>
    public string Name => "VGG Image Annotator (CSV)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: false, Boxes: true, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => FileNames.TableEndings;

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Table is { } table && ViaColumns.Find(table.Names) is not null;

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        string name = ShownText.List([.. files.Select(file => FileNames.OwnName(file.Path))], most: 2);
        var attributes = new ViaAttributes(name);
        await foreach (ViaRegion region in ViaTable.ReadAsync(set, files, attributes.Guesses, cancellationToken))
            attributes.Survey(region);
        attributes.Choose();
        var keypoints = new KeypointList(name);
        var spool = new InstanceSpool(name);
        try
        {
            string picture = string.Empty;
            await foreach (ViaRegion region in ViaTable.ReadAsync(set, files, attributes.Guesses, cancellationToken))
            {
                if (region.Picture != picture)
                    keypoints.EndPicture();
                picture = region.Picture;
                if (attributes.NameOf(region) is { } keypoint)
                    keypoints.Add(keypoint, $"row {region.Row:N0}");
            }

            string[] names = attributes.IsNumbered
                ? [.. Enumerable.Range(0, Math.Min(attributes.UsualPoints, DatasetLimits.Keypoints)).Select(i => $"{i}")]
                : keypoints.ToNames();
            if (names.Length == 0)
                throw new RejectedFileException($"{name}: no region is a point. Points with an attribute that names the keypoint are expected.");
            await FillAsync(spool, names, attributes, ViaTable.ReadAsync(set, files, attributes.Guesses, cancellationToken));
            return new ViaReader(spool, name, names, attributes);
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    private static async Task FillAsync(InstanceSpool spool, string[] names, ViaAttributes attributes, IAsyncEnumerable<ViaRegion> regions)
    {
        Dictionary<string, int> indices = names.Select((name, k) => (name, k)).ToDictionary(entry => entry.name, entry => entry.k, StringComparer.Ordinal);
        await foreach (ViaRegion region in regions)
        {
            int picture = spool.Add(new LabelledPicture(region.Picture, []) { File = region.File });
            if (region.Fault is not null)
                spool.Add(picture, new LabelledInstance(region.Row, []) { Fault = region.Fault });
            else if (region.Box is not null)
                spool.Add(picture, new LabelledInstance(region.Row, []) { Box = region.Box, Id = attributes.InstanceOf(region) });
            else if (region.Point is { } point)
                spool.Add(picture, PointOf(region, point, indices, attributes));
        }
    }

    private static LabelledInstance PointOf(ViaRegion region, (double X, double Y) point, Dictionary<string, int> indices, ViaAttributes attributes)
    {
        string? name = attributes.NameOf(region);
        if (name is null && !attributes.IsNumbered)
            return new LabelledInstance(region.Row, []) { Fault = attributes.NoName() };
        int keypoint = name is null ? 0 : indices[name];
        float[] points = new float[2 * (keypoint + 1)];
        Array.Fill(points, float.NaN);
        (points[^2], points[^1]) = ((float)point.X, (float)point.Y);
        return new LabelledInstance(region.Row, points) { Id = attributes.InstanceOf(region) };
    }
}
