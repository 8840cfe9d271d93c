using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Yolo;

/// <summary>YOLO-pose of Ultralytics: <c>data.yaml</c> with <c>kpt_shape</c>, and a text file for each picture. The format is described at
/// https://docs.ultralytics.com/datasets/pose/.</summary>
/// <remarks>
/// Conventions, and where they are stated:
/// <list type="bullet">
/// <item>A line is an instance: class, centre x, centre y, width and height of the box, then x and y of each keypoint, all as shares of the
/// picture's width and height. <c>kpt_shape</c> is the number of keypoints and 2, or 3 with a visibility after each point.</item>
/// <item>Shares are measured at the picture's edges. Ultralytics mirrors boxes and keypoints as width − x, which is right for edges and half
/// a pixel off for pixel centres (https://github.com/ultralytics/ultralytics/blob/main/ultralytics/utils/instance.py).</item>
/// <item>Visibility is 0, 1 or 2 as in COCO. Where every labelled point has 1, visibility is not stated.</item>
/// <item>Without visibility, a point with a negative coordinate is missing
/// (https://github.com/ultralytics/ultralytics/blob/main/ultralytics/data/utils.py), and so is a point at 0, 0, which exporters write.</item>
/// <item>The label file of <c>…/images/…/a.jpg</c> is <c>…/labels/…/a.txt</c>; of other pictures, the text file beside it (the same file of
/// Ultralytics). <c>train</c>, <c>val</c> and <c>test</c> are folders of pictures, lists of pictures, or lists of both.</item>
/// <item>Sizes are those of the upright picture: Ultralytics follows EXIF (the same file).</item>
/// <item><c>flip_idx</c> lists the partner of each keypoint in a mirrored picture. Left and right are as the names say.</item>
/// </list>
/// </remarks>
internal sealed class YoloFormat : ILabelFormat
{
    /// <summary>Name of the root file that is written.</summary>
    public const string FileName = "data.yaml";

    /// <summary>Member of the root file that tells pose from detection.</summary>
    internal const string Shape = "kpt_shape";

    /// <inheritdoc/>
    public string Name => "YOLO-pose";

    /// <inheritdoc/>
    public LabelFormatTraits Traits { get; } = new(States: true, Boxes: true, SeveralInstances: true, Writes: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings { get; } = [".yaml", ".yml"];

    /// <inheritdoc/>
    public LabelTarget Target { get; } = new("yolo", Ending: null);

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Text.Split('\n').Any(line => line.StartsWith(Shape, StringComparison.Ordinal));

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken) =>
        await YoloReader.OpenAsync(set, files, cancellationToken);

    /// <inheritdoc/>
    public LabelWriter StartWriting(LabelOutput output, IReadOnlyList<string> keypoints, MirrorPairs mirror) =>
        new YoloWriter(output, keypoints, mirror);
}
