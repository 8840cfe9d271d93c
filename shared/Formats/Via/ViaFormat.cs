using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Via;

/// <summary>Annotations of the VGG Image Annotator (VIA): the CSV and JSON exports of VIA 1 and 2, and the projects of VIA 2 and 3. The CSV has a
/// row per region and JSON in the cells.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>Columns are <c>filename</c> (<c>#filename</c> in VIA 1), <c>file_size</c>, <c>file_attributes</c>, <c>region_count</c>,
/// <c>region_id</c>, <c>region_shape_attributes</c> and <c>region_attributes</c> (https://www.robots.ox.ac.uk/~vgg/software/via/).</item>
/// <item>JSON is an object whose members are pictures: <c>filename</c>, <c>size</c>, <c>file_attributes</c> and <c>regions</c>, each with
/// <c>shape_attributes</c> and <c>region_attributes</c>. The regions are a list in VIA 2 and an object in VIA 1. The project of VIA 2 has the
/// pictures in its member <c>_via_img_metadata</c> (ox-vgg/via, <c>pack_via_metadata</c> and <c>project_save_confirmed</c> in
/// <c>via-2.x.y/src/via.js</c>, <c>pack_via_metadata</c> in <c>via-1.x.y/via.js</c>).</item>
/// <item>In VIA 1 and 2 a point is <c>{"name":"point","cx":…,"cy":…}</c>. It is the rounded pixel that was clicked, counted from 0
/// (ox-vgg/via, <c>via-2.x.y/src/via.js</c>). Its centre is meant, so nothing is converted.</item>
/// <item>A rectangle is <c>{"name":"rect","x":…,"y":…,"width":…,"height":…}</c>, in the same pixels. Other shapes have no points and are
/// left out.</item>
/// <item>In VIA 3 a point is <c>[1, x, y]</c>, and a rectangle <c>[2, x, y, width, height]</c>. The numbers have three digits after the
/// point. They are measured at the picture's edges, as the canvas shows it (<c>_rinput_pts_canvas_to_file</c> in
/// <c>via-3.x.y/src/js/_via_file_annotator.js</c>, <c>_VIA_RSHAPE</c> in <c>_via_metadata.js</c>). Half a pixel is subtracted from points.
/// Attributes with options state the option's id.</item>
/// <item>Attributes are free. An attribute of <see cref="ViaAttributes"/> names the keypoint, and another one the instance. Without a name
/// the points of an instance are numbered in the order of the regions.</item>
/// <item>There is no visibility. Sides are those of the attribute's text.</item>
/// </list>
/// </remarks>
internal sealed class ViaFormat : ILabelFormat
{
    /// <summary>Ending of the JSON files.</summary>
    public const string JsonEnding = ".json";

    /// <inheritdoc/>
    public string Name => "VGG Image Annotator (JSON, CSV)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: false, Boxes: true, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => [JsonEnding, .. FileNames.TableEndings];

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Table is { } table ? ViaColumns.Find(table.Names) is not null : ViaJson.Recognises(start);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        string name = ShownText.List([.. files.Select(file => FileNames.OwnName(file.Path))], most: 2);
        var attributes = new ViaAttributes(name);
        var regions = new ViaRegions(set, files, attributes.Guesses);
        await foreach (ViaRegion region in regions.ReadAsync(cancellationToken))
            attributes.Survey(region);
        attributes.Choose();
        var keypoints = new KeypointList(name);
        var spool = new InstanceSpool(name);
        try
        {
            string picture = string.Empty;
            await foreach (ViaRegion region in regions.ReadAsync(cancellationToken))
            {
                if (region.Picture != picture)
                    keypoints.EndPicture();
                picture = region.Picture;
                if (attributes.NameOf(region) is { } keypoint)
                    keypoints.Add(keypoint, $"{regions.RowWord} {region.Row:N0}");
            }

            string[] names = attributes.IsNumbered
                ? [.. Enumerable.Range(0, Math.Min(attributes.UsualPoints, DatasetLimits.Keypoints)).Select(i => $"{i}")]
                : keypoints.ToNames();
            if (names.Length == 0)
            {
                throw new RejectedFileException(string.Join(
                    ' ', [$"{name}: no region is a point. Points with an attribute that names the keypoint are expected.", .. attributes.Warnings]));
            }

            await FillAsync(spool, names, attributes, regions.ReadAsync(cancellationToken));
            return new ViaReader(spool, name, names, attributes, regions);
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
            if (region.Picture.Length == 0 && region.Fault is null)
                continue;
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
            return new LabelledInstance(region.Row, []) { Fault = attributes.NoName(region) };
        int keypoint = name is null ? 0 : indices[name];
        float[] points = new float[2 * (keypoint + 1)];
        Array.Fill(points, float.NaN);
        (points[^2], points[^1]) = ((float)point.X, (float)point.Y);
        return new LabelledInstance(region.Row, points) { Id = attributes.InstanceOf(region) };
    }
}
