using System.Text.Json;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Coco;

/// <summary>COCO keypoints: one JSON file with <c>images</c>, <c>annotations</c> and <c>categories</c>, as CVAT, Label Studio, Roboflow and
/// mmpose export it. The format is described at https://cocodataset.org/#format-data.</summary>
/// <remarks>
/// Conventions, and where they are stated:
/// <list type="bullet">
/// <item>A keypoint is <c>x, y, v</c>: 0-indexed pixels, pixel centres at integers. detectron2 therefore adds 0.5 to keypoints and nothing to
/// boxes (https://github.com/facebookresearch/detectron2/blob/main/detectron2/data/datasets/coco.py).</item>
/// <item><c>v</c> is 0 for not labelled (then x = y = 0), 1 for labelled but hidden, 2 for visible
/// (https://github.com/jin-s13/COCO-WholeBody/blob/master/data_format.md quotes it). WholeBody also has confidences between 0 and 1:
/// labelled, and the visibility is not stated. Converted datasets, such as mmpose's 300-W, AFLW and WFLW, have 1 for every point:
/// visibility is not stated there either.</item>
/// <item><c>bbox</c> is left, top, width, height, measured at pixel edges from the picture's corner. <c>attributes.rotation</c> turns it, in
/// degrees clockwise, as CVAT writes it.</item>
/// <item>Left and right in COCO's own names are the person's. Names are taken as they are.</item>
/// <item><c>iscrowd</c> = 1 marks the region of many people. It has no keypoints of one person.</item>
/// </list>
/// Members of our own, which other readers ignore: <c>origin</c>, <c>checksum</c>, <c>score</c>, <c>group</c> and <c>instance</c>.
/// <c>keypoint_states</c> says what <c>v</c> cannot say: a digit for each keypoint, the number of its <see cref="LabelState"/>.
/// <c>bbox_from</c> is <c>keypoints</c> if the instance has no box. Its <c>bbox</c> is then the extent of its points.
/// </remarks>
internal sealed class CocoFormat : ILabelFormat
{
    /// <summary>Name of the file that is written.</summary>
    public const string FileName = "coco.json";

    /// <summary>Member with the pictures.</summary>
    internal const string Images = "images";

    /// <summary>Member with the instances.</summary>
    internal const string Annotations = "annotations";

    /// <summary>Member with the names of the keypoints.</summary>
    internal const string Categories = "categories";

    /// <inheritdoc/>
    public string Name => "COCO keypoints (JSON)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits { get; } = new(States: true, Boxes: true, SeveralInstances: true, Writes: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings { get; } = [".json"];

    /// <inheritdoc/>
    public LabelTarget Target { get; } = new("coco", ".json") { HasAngles = true, HasGroups = true, HasOrigins = true };

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start)
    {
        ReadOnlySpan<byte> bytes = start.Bytes.Span;
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            string member = "";
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.StartArray)
                    return false;
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.CurrentDepth == 1)
                    member = reader.ValueTextEquals(Images) ? Images : reader.ValueTextEquals(Annotations) ? Annotations : reader.ValueTextEquals(Categories) ? Categories : "";
                else if (reader.CurrentDepth == 3 && IsOwnMember(ref reader, member))
                    return true;
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken) =>
        await CocoReader.OpenAsync(set, files, cancellationToken);

    /// <inheritdoc/>
    public LabelWriter StartWriting(LabelOutput output, IReadOnlyList<string> keypoints, MirrorPairs mirror) =>
        new CocoWriter(output.Create(FileName), keypoints);

    private static bool IsOwnMember(ref Utf8JsonReader reader, string member) => member switch
    {
        Images => reader.ValueTextEquals("file_name"),
        Annotations => reader.ValueTextEquals("image_id"),
        Categories => reader.ValueTextEquals("keypoints"),
        _ => false,
    };
}
