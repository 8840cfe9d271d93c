using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.LabelMe;

/// <summary>LabelMe's JSON, a file for each picture. AnyLabeling and X-AnyLabeling write it too.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>Coordinates are pixels measured at the picture's edges: 0 is the left or top edge, and the width or height is the right or bottom
/// edge. Half a pixel is subtracted from points. LabelMe draws the picture from 0 to its width, and a click is the place there, not rounded
/// (wkentaro/labelme, <c>labelme/_widgets/canvas.py</c>, <c>_draw_pixmap_layer</c> and <c>_transform_point_widget_to_image</c>;
/// <c>transformPos</c> in earlier versions. X-AnyLabeling: <c>anylabeling/views/labeling/widgets/canvas.py</c>,
/// <c>transform_pos</c>).</item>
/// <item>LabelMe turns pictures upright as their EXIF says before it shows them (<c>labelme/_label_file.py</c>,
/// <c>load_image_file</c>). <c>imageWidth</c> and <c>imageHeight</c> say which picture the coordinates are for.</item>
/// <item>A point's label is the keypoint. <c>group_id</c> links the shapes of an instance
/// (https://github.com/CVHub520/X-AnyLabeling/blob/main/examples/estimation/pose_estimation/README.md).</item>
/// <item>A rectangle has two opposite corners in any order, or all four (X-AnyLabeling from version 2.2). A shape without
/// <c>shape_type</c> is a polygon (<c>labelme/_utils/shape.py</c>).</item>
/// <item><c>difficult</c> says that a point is hidden, and <c>false</c> that it is visible: X-AnyLabeling exports it as YOLO-pose's 1 and 2
/// (<c>anylabeling/views/labeling/label_converter.py</c>). The flag <c>occluded</c> of LabelMe's own examples says the same
/// (<c>examples/instance_segmentation/README.md</c>). X-AnyLabeling's member <c>visible</c> is about the screen.</item>
/// <item><c>imagePath</c> starts at the folder of the JSON file, with slashes in either direction. <c>imageData</c> is the picture itself and is
/// not read.</item>
/// <item>X-AnyLabeling's <c>score</c> says that a model drew a shape (<c>anylabeling/views/labeling/shape.py</c>). Nothing says whether a person
/// looked at it.</item>
/// <item>Sides are those of the label's text.</item>
/// </list>
/// </remarks>
internal sealed class LabelMeFormat : ILabelFormat
{
    /// <inheritdoc/>
    public string Name => "LabelMe (JSON)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: true, Boxes: true, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings { get; } = [".json"];

    /// <inheritdoc/>
    public bool IsOnePerPicture => true;

    /// <inheritdoc/>
    /// <remarks>The picture may come before the shapes.</remarks>
    public bool Recognises(LabelFileStart start)
    {
        return start.Text.StartsWith('{') && (Has("imageData") || (Has(LabelMeFile.ShapesMember) && (Has("imagePath") || Has("shape_type") || Has("flags"))));

        bool Has(string name) => start.Text.Contains($"\"{name}\"", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken) =>
        await LabelMeReader.OpenAsync(set, files, cancellationToken);
}
