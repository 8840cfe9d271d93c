using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.LabelStudio;

/// <summary>Exports of Label Studio: JSON, JSON-MIN and CSV.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>Coordinates are percent of the picture's width and height, measured at its edges: 0 is the left or top edge, 100 the right or
/// bottom edge (https://labelstud.io/guide/export.html#Units-of-image-annotations, https://labelstud.io/tags/keypointlabels).</item>
/// <item><c>image_rotation</c> says how the picture was turned on the screen. Coordinates and <c>original_width</c> belong to the picture as it
/// is: turning changes only the view (HumanSignal/label-studio, <c>web/libs/editor/src/tags/object/Image/Image.js</c>, <c>rotate</c>), and
/// earlier versions turned the points back on export (<c>KeyPointRegion</c>, <c>serialize</c>).</item>
/// <item>A browser shows pictures upright as their EXIF says, so coordinates are those of the upright picture
/// (https://github.com/HumanSignal/label-studio/issues/6608).</item>
/// <item>A rectangle's <c>rotation</c> turns it clockwise around its top left corner, in pixels and not in percent
/// (https://github.com/HumanSignal/label-studio/issues/2293).</item>
/// <item>A point belongs to the rectangle that is its <c>parentID</c>, as Label Studio's own exports to COCO and YOLO expect
/// (https://github.com/HumanSignal/label-studio/pull/7537), or that a relation links.</item>
/// <item>Only <c>annotations</c> are labels (<c>completions</c> in early versions), never <c>predictions</c>. Skipped ones
/// (<c>was_cancelled</c>) do not count. JSON-MIN and CSV hold one row per annotation
/// (HumanSignal/label-studio-sdk, <c>converter/exports/csv2.py</c>).</item>
/// <item>An uploaded file is renamed to eight hexadecimal digits, <c>-</c> and its name: both names are looked for.</item>
/// <item>There is no visibility. Sides are those of the label's name.</item>
/// </list>
/// </remarks>
internal sealed class LabelStudioFormat : ILabelFormat
{
    /// <inheritdoc/>
    public string Name => "Label Studio (JSON, CSV)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: false, Boxes: true, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => [".json", .. FileNames.TableEndings];

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start)
    {
        if (start.Table is { } table)
            return table.Rows.Any(row => row.Any(cell => cell.StartsWith('[') && cell.Contains(LabelStudioRegion.PointLabels, StringComparison.Ordinal)));
        return start.Text.StartsWith('[')
            && (Has(LabelStudioRegion.PointLabels)
                || ((Has(LabelStudioTask.Annotations) || Has(LabelStudioTask.Completions))
                    && (Has("completed_by") || Has("was_cancelled") || Has("from_name"))));

        bool Has(string name) => start.Text.Contains($"\"{name}\"", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        string name = ShownText.List([.. files.Select(file => FileNames.OwnName(file.Path))], most: 2);
        var keypoints = new KeypointList(name);
        foreach (SetFile file in files)
        {
            await foreach (LabelStudioTask task in LabelStudioTasks.ReadAsync(set, file, cancellationToken))
            {
                foreach (LabelStudioRegion region in task.Regions.Where(region => !region.IsBox))
                    keypoints.Add(region.Label, $"{LabelStudioTasks.WordFor(file)} {task.Number:N0}");
                keypoints.EndPicture();
            }
        }

        string[] names = keypoints.ToNames();
        return names.Length > 0 ? new LabelStudioReader(set, files, name, names) : throw new RejectedFileException(
            $"{name}: no annotation has a point with a label ({LabelStudioRegion.PointLabels}). Only annotations are labels, never predictions.");
    }
}
