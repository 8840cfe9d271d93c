using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Cvat;

/// <summary>"CVAT for images 1.1": the file <c>annotations.xml</c> with an <c>image</c> for each picture, exported from a task, a job or a
/// project of CVAT (https://docs.cvat.ai/docs/other/xml_format).</summary>
/// <remarks>
/// Conventions. Paths are those of https://github.com/cvat-ai/cvat, and the file is written by
/// <c>cvat/apps/dataset_manager/formats/cvat.py</c>:
/// <list type="bullet">
/// <item>Coordinates are pixels of the picture, measured at its edges: CVAT's canvas is as wide as the picture, and the editor cuts shapes to 0 …
/// width and 0 … height, ends included (<c>cvat-core/src/annotations-objects.ts</c>, <c>fitPoints</c>). The example of the description
/// has a point at the height of its picture. So 0.5 is subtracted from points, and boxes stay as they are. They have two decimals.</item>
/// <item>CVAT's own export to COCO writes the same numbers (<c>dataset_manager/bindings.py</c>). They are read as COCO defines them, so
/// the points of the two exports are half a pixel apart.</item>
/// <item>A box is <c>xtl</c>, <c>ytl</c>, <c>xbr</c>, <c>ybr</c>, before <c>rotation</c> turns it around its centre, in degrees clockwise
/// (<c>cvat-core/src/object-utils.ts</c>, <c>rotatePoint</c>).</item>
/// <item>Since 2022 CVAT turns pictures upright as their EXIF says (https://github.com/cvat-ai/cvat/pull/4529). Earlier coordinates belong to
/// the stored picture, which the stated size shows.</item>
/// <item>A point of a skeleton with <c>outside</c> = 1 is not labelled, and its coordinates mean nothing. <c>occluded</c> = 1 is hidden, 0 is
/// visible.</item>
/// <item>The names of keypoints are those of a skeleton's points, which <c>meta</c> lists as labels with a <c>parent</c>. See <see cref="CvatSurvey"/>
/// for points without skeleton.</item>
/// <item><c>group_id</c> links shapes of a picture. A group with two skeletons of one label holds several instances and links nothing.</item>
/// <item>Pictures lie in <c>images/</c> beside the file, those of a project in <c>images/{subset}/</c>. Frames of a video have no ending in
/// the file, and <c>.PNG</c> on disk.</item>
/// <item><c>source</c> = auto marks shapes that a model placed and nobody has moved (<c>computeNewSource</c> in
/// <c>annotations-objects.ts</c>). They are read, with a warning: CVAT does not say whether a person has seen them.</item>
/// <item>Left and right are as the labels say.</item>
/// </list>
/// "CVAT for video 1.1" is refused. Its tracks count the frames of a task and name no pictures, so a set whose pictures were counted otherwise
/// would get the labels of other frames. The export for images has the same shapes on every frame.
/// </remarks>
internal sealed class CvatFormat : ILabelFormat
{
    private static readonly string[] Parts = ["<version", "<meta", "<image", "<track"];

    /// <inheritdoc/>
    public string Name => "CVAT for images (XML)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits { get; } = new(States: true, Boxes: true, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings { get; } = [".xml"];

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) =>
        start.Text.StartsWith('<') && start.Text.Contains("<annotations", StringComparison.Ordinal)
        && Array.Exists(Parts, part => start.Text.Contains(part, StringComparison.Ordinal));

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken) =>
        await CvatReader.OpenAsync(set, files, cancellationToken);
}
