using System.Globalization;
using System.Text.Json;
using KeypointPipeline.Formats.Coco;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Formats.Compliance;

namespace KeypointPipeline.Shared.Tests.Formats.Coco;

/// <summary>A COCO file as CVAT writes it: the pictures first. The annotations of a picture are scattered: first the first instance of every
/// picture, then the second.</summary>
internal class CocoSample : LabelSample
{
    public override ILabelFormat Format { get; } = new CocoFormat();

    public override string Variant => "pictures first";

    public override bool StatesSize => true;

    public override string PicturePath(string name) => $"images/{name}";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        yield return ("annotations/person_keypoints_default.json", $$"""
            {
              "licenses": [{"name": "", "id": 0, "url": ""}],
              "info": {"contributor": "", "year": ""},
              "categories": [{"id": 7, "name": "face", "supercategory": "", "keypoints": {{JsonSerializer.Serialize(scene.Keypoints)}}, "skeleton": [[1, 2]]}],
              "images": [{{string.Join(",\n", scene.Pictures.Select(Image))}}],
              "annotations": [{{string.Join(",\n", Annotations(scene))}}]
            }
            """);
    }

    protected static string Image(ScenePicture picture, int index) => JsonSerializer.Serialize(new
    {
        id = Id(index),
        width = picture.Width,
        height = picture.Height,
        file_name = picture.Name,
        license = 0,
        flickr_url = "",
        coco_url = "",
        date_captured = 0,
    });

    protected static IEnumerable<string> Annotations(LabelScene scene) => scene.Pictures
        .SelectMany((picture, index) => picture.Instances.Select((instance, place) => (instance, index, place)))
        .OrderBy(labelled => labelled.place)
        .Select((labelled, number) => Annotation(labelled.instance, labelled.index, number + 1));

    private static int Id(int index) => 500_000 - (7 * index);

    private static string Annotation(SceneInstance instance, int picture, int number) => JsonSerializer.Serialize(new
    {
        id = number,
        image_id = Id(picture),
        category_id = 7,
        segmentation = Array.Empty<double[]>(),
        area = instance.Box.Width * instance.Box.Height,
        bbox = new[] { instance.Box.Left, instance.Box.Top, instance.Box.Width, instance.Box.Height },
        iscrowd = 0,
        attributes = new { occluded = false },
        keypoints = instance.Points.SelectMany(Point),
        num_keypoints = instance.Points.Count(point => point.IsPlaced),
    });

    private static double[] Point(ScenePoint point) => point.State switch
    {
        LabelState.Visible => [point.X, point.Y, 2],
        LabelState.Occluded => [point.X, point.Y, 1],
        _ => [0, 0, 0],
    };
}

/// <summary>A COCO file with the annotations before the pictures, and the categories last.</summary>
internal sealed class CocoAnnotationsFirstSample : CocoSample
{
    public override string Variant => "annotations first";

    public override IEnumerable<(string Path, string Text)> Write(LabelScene scene)
    {
        string keypoints = string.Join(',', scene.Keypoints.Select(name => JsonSerializer.Serialize(name)));
        yield return ("labels.json", string.Create(CultureInfo.InvariantCulture, $$"""
            {"annotations": [{{string.Join(",", Annotations(scene))}}], "images": [{{string.Join(",", scene.Pictures.Select(Image))}}],
             "categories": [{"id": 3, "name": "box only"}, {"keypoints": [{{keypoints}}], "id": 7, "name": "face"}]}
            """));
    }
}
