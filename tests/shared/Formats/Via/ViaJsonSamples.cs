using System.Text.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.Via;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Via;

/// <summary>VIA's JSON: whole pixels, and attributes that name keypoint and face.</summary>
internal abstract class ViaJsonSample : LabelSample
{
    /// <inheritdoc/>
    public override ILabelFormat Format { get; } = new ViaFormat();

    /// <inheritdoc/>
    public override double Step => 1;

    /// <inheritdoc/>
    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene) => [("via_export.json", JsonSerializer.Serialize(File(scene)))];

    /// <summary>The whole file.</summary>
    protected abstract object File(LabelScene scene);

    /// <summary>The regions of a picture.</summary>
    protected static IEnumerable<object> Regions(LabelScene scene, ScenePicture picture) => picture.Instances.SelectMany((instance, i) => (object[])
    [
        new
        {
            shape_attributes = (object)new { name = "rect", x = instance.Box.Left, y = instance.Box.Top, width = instance.Box.Width, height = instance.Box.Height },
            region_attributes = (object)new { face = $"{i + 1}" },
        },
        .. instance.Points.Select((point, k) => (point, k)).Where(entry => entry.point.IsPlaced).Select(entry => new
        {
            shape_attributes = (object)new { name = "point", cx = entry.point.X, cy = entry.point.Y },
            region_attributes = (object)new { face = $"{i + 1}", keypoint = scene.Keypoints[entry.k] },
        }),
    ]);
}

/// <summary>Annotations exported by VIA 2.</summary>
internal sealed class ViaExportSample : ViaJsonSample
{
    /// <inheritdoc/>
    public override string Variant => "JSON";

    /// <summary>The pictures by their ids.</summary>
    internal static Dictionary<string, object> Pictures(LabelScene scene) => scene.Pictures.ToDictionary(
        picture => $"{picture.Name}1234", object (picture) => new { filename = picture.Name, size = 1234, regions = Regions(scene, picture), file_attributes = new { } });

    /// <inheritdoc/>
    protected override object File(LabelScene scene) => Pictures(scene);
}

/// <summary>Annotations exported by VIA 1: the regions are members of an object.</summary>
internal sealed class ViaFirstExportSample : ViaJsonSample
{
    /// <inheritdoc/>
    public override string Variant => "JSON of VIA 1";

    /// <inheritdoc/>
    protected override object File(LabelScene scene) => scene.Pictures.ToDictionary(picture => $"{picture.Name}1234", picture => new
    {
        fileref = "",
        size = 1234,
        filename = picture.Name,
        base64_img_data = "",
        file_attributes = new { },
        regions = Regions(scene, picture).Index().ToDictionary(region => $"{region.Index}", region => region.Item),
    });
}

/// <summary>The project of VIA 3: coordinates from the picture's edges, and keypoints as options of an attribute.</summary>
internal sealed class ViaThirdProjectSample : ViaJsonSample
{
    private const string FaceId = "1";
    private const string KeypointId = "2";

    /// <inheritdoc/>
    public override string Variant => "project of VIA 3";

    /// <inheritdoc/>
    public override double Step => 0.125;

    /// <inheritdoc/>
    protected override object File(LabelScene scene) => new
    {
        project = new
        {
            pid = "__VIA_PROJECT_ID__",
            rev = "1",
            pname = "faces",
            data_format_version = "3.1.1",
            creator = "VGG Image Annotator (http://www.robots.ox.ac.uk/~vgg/software/via)",
            vid_list = scene.Pictures.Select((_, i) => $"{i + 1}"),
        },
        config = new { file = new { loc_prefix = new Dictionary<string, string> { ["1"] = "" } } },
        attribute = new Dictionary<string, object>
        {
            [FaceId] = new { aname = "face", anchor_id = "FILE1_Z0_XY1", type = 1, desc = "", options = new { }, default_option_id = "" },
            [KeypointId] = new
            {
                aname = "keypoint",
                anchor_id = "FILE1_Z0_XY1",
                type = 4,
                desc = "",
                options = scene.Keypoints.Index().ToDictionary(keypoint => $"{keypoint.Index}", keypoint => keypoint.Item),
                default_option_id = "",
            },
        },
        file = scene.Pictures.Index().ToDictionary(picture => $"{picture.Index + 1}", picture => new { fid = picture.Index + 1, fname = picture.Item.Name, type = 2, loc = 1, src = "" }),
        metadata = scene.Pictures.Index().SelectMany(picture => Metadata(picture.Item, $"{picture.Index + 1}")).Index()
            .ToDictionary(region => $"-{region.Index}_aB", region => region.Item),
        view = scene.Pictures.Index().ToDictionary(picture => $"{picture.Index + 1}", picture => new { fid_list = (object[])[picture.Index + 1] }),
    };

    private static IEnumerable<object> Metadata(ScenePicture picture, string vid) => picture.Instances.Index().SelectMany(instance => (object[])
    [
        new
        {
            vid, flg = 0, z = Array.Empty<double>(),
            xy = (double[])[2, instance.Item.Box.Left, instance.Item.Box.Top, instance.Item.Box.Width, instance.Item.Box.Height],
            av = new Dictionary<string, string> { [FaceId] = $"{instance.Index}" },
        },
        .. instance.Item.Points.Index().Where(point => point.Item.IsPlaced).Select(point => new
        {
            vid, flg = 0, z = Array.Empty<double>(), xy = (double[])[1, point.Item.X + 0.5, point.Item.Y + 0.5],
            av = new Dictionary<string, string> { [FaceId] = $"{instance.Index}", [KeypointId] = $"{point.Index}" },
        }),
    ]);
}

/// <summary>The project of VIA 2.</summary>
internal sealed class ViaProjectSample : ViaJsonSample
{
    /// <inheritdoc/>
    public override string Variant => "project";

    /// <inheritdoc/>
    protected override object File(LabelScene scene) => new
    {
        _via_settings = new { ui = new { image = new { region_label = "face" } }, core = new { buffer_size = 18, filepath = new { }, default_filepath = "" }, project = new { name = "faces" } },
        _via_img_metadata = ViaExportSample.Pictures(scene),
        _via_attributes = new { region = new { face = new { type = "text" }, keypoint = new { type = "text" } }, file = new { } },
        _via_data_format_version = "2.0.10",
        _via_image_id_list = scene.Pictures.Select(picture => $"{picture.Name}1234"),
    };
}
