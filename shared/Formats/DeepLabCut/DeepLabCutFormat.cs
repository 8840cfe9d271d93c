using KeypointPipeline.Files;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Images;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.DeepLabCut;

/// <summary>Labels of DeepLabCut and Lightning Pose: <c>CollectedData_{scorer}.csv</c>, one table per video or one for all videos.</summary>
/// <remarks>
/// Conventions:
/// <list type="bullet">
/// <item>Three header rows (scorer, bodyparts, coords), or four for several animals (scorer, individuals, bodyparts, coords). The path of the
/// picture is one column, or three: <c>labeled-data</c>, video, picture (DeepLabCut, <c>deeplabcut/utils/conversioncode.py</c>,
/// <c>convertcsv2h5</c> and <c>guarantee_multiindex_rows</c>).</item>
/// <item>Coordinates are pixels from the top left. They are placed in napari, whose pixel centres are integers
/// (https://github.com/napari/napari/issues/310). Nothing is converted.</item>
/// <item>An empty pair is a point that nobody labelled. DeepLabCut also ignores points at or beyond the left and top edge
/// (<c>DLCLoader.to_coco</c>).</item>
/// <item>Lightning Pose adds <c>visible</c> to the coords: 2 visible, 1 hidden, 0 not labelled. A hidden point may have no position
/// (paninski-lab/lightning-pose, tests of <c>BaseTrackingDataset</c>).</item>
/// <item>The individual <c>single</c> holds points of the scene, not of an animal (DeepLabCut, <c>docs/convert_maDLC.md</c>,
/// <c>uniquebodyparts</c>).</item>
/// <item>Tables with a <c>likelihood</c> are predictions of a network and never labels.</item>
/// <item>Sides are those of the animal, as the names say.</item>
/// </list>
/// </remarks>
internal sealed class DeepLabCutFormat : ILabelFormat
{
    private const int MostIndividuals = 1_024;

    /// <inheritdoc/>
    public string Name => "DeepLabCut and Lightning Pose (CSV)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: true, Boxes: false, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => FileNames.TableEndings;

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Table is { } table && DeepLabCutHeader.Is([table.Names, .. table.Rows]);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        var tables = new List<DeepLabCutTable>();
        var predictions = new List<string>();
        foreach (SetFile file in files)
        {
            DeepLabCutTable table = await DeepLabCutTable.OpenAsync(set, file, cancellationToken);
            if (table.Header.IsPrediction)
                predictions.Add(file.Path);
            else
                tables.Add(table);
        }

        if (tables.Count == 0)
        {
            throw new RejectedFileException($"{ShownText.List(predictions)}: predictions of a network (column likelihood) are never labels. "
                + "Drop the tables that people labelled, usually CollectedData_{scorer}.csv, with their pictures.");
        }

        ThrowIfOnlyVideos(set, tables[0]);
        var reader = new DeepLabCutReader(tables, predictions);
        return reader.Keypoints.Count <= DatasetLimits.Keypoints && tables.TrueForAll(table => table.Header.Individuals <= MostIndividuals)
            ? reader
            : throw new RejectedFileException(
                $"{reader.FileName}: at most {DatasetLimits.Keypoints:N0} body parts and {MostIndividuals:N0} individuals are read.");
    }

    private static void ThrowIfOnlyVideos(FileSet set, DeepLabCutTable table)
    {
        if (set.Files.Any(file => ImageNames.HasImageEnding(file.Path)) || VideoFiles.Of(set) is not [var first, ..] videos)
            return;
        string name = table.FirstPicture is { } picture ? Path.GetFileName(picture) : "img000.png";
        int digits = Math.Max(1, name.Count(char.IsAsciiDigit));
        string video = Path.GetFileNameWithoutExtension(first.Path);
        throw new RejectedFileException($"{set.Name} holds {ShownText.List([.. videos.Select(file => file.Path)], most: 3)} but no pictures. "
            + $"{FileNames.OwnName(table.File.Path)} labels single frames. Turn each video into pictures, for example with: "
            + VideoFiles.CommandFor(first.Path, $"labeled-data/{video}/img%0{digits}d.png"));
    }
}
