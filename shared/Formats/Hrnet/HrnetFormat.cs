using KeypointPipeline.Files;
using KeypointPipeline.Formats.Headers;
using KeypointPipeline.Formats.Pictures;
using KeypointPipeline.Formats.PictureTables;
using KeypointPipeline.Sources;

namespace KeypointPipeline.Formats.Hrnet;

/// <summary>HRNet's tables of WFLW, 300W and AFLW: <c>image_name, scale, center_w, center_h, original_0_x, original_0_y</c> … AFLW's also have
/// <c>box_size</c>.</summary>
/// <remarks>
/// Conventions (https://github.com/HRNet/HRNet-Facial-Landmark-Detection, <c>lib/datasets/wflw.py</c>, <c>lib/utils/transforms.py</c>):
/// <list type="bullet">
/// <item>The face is a square around the centre with a side of 200 · scale pixels. HRNet never uses it as it is: each of its datasets
/// enlarges the scale by 1.25 first. So the box here is that of HRNet's own crops, 250 · scale.</item>
/// <item>Coordinates index the picture's pixels from 0, so pixel centres are integers: HRNet adds 1 before its transform, which counts from
/// 1, and subtracts it again. Its crop starts at the pixel at centre − side / 2, so the box is measured at pixel edges.</item>
/// <item>HRNet leaves out points with y ≤ 0: they are missing.</item>
/// <item>Points are numbered. They get their numbers as names, so that tables of the same published order train together. In these orders
/// the lower numbers lie left in the picture of a face that looks into the camera.</item>
/// </list>
/// </remarks>
internal sealed class HrnetFormat : ILabelFormat
{
    private const string PointPrefix = "original_";

    /// <inheritdoc/>
    public string Name => "HRNet's WFLW, 300W and AFLW (CSV)";

    /// <inheritdoc/>
    public LabelFormatTraits Traits => new(States: false, Boxes: true, SeveralInstances: true, Writes: false);

    /// <inheritdoc/>
    public IReadOnlyList<string> Endings => FileNames.TableEndings;

    /// <summary>Whether a table has HRNet's columns.</summary>
    public static bool Fits(TableStart start) => PictureColumn.Find(start, out _) >= 0 && CentreColumns.Find(start.Names) is not null;

    /// <inheritdoc/>
    public bool Recognises(LabelFileStart start) => start.Table is { } table && Fits(table);

    /// <inheritdoc/>
    public async Task<LabelReader> OpenAsync(FileSet set, IReadOnlyList<SetFile> files, CancellationToken cancellationToken)
    {
        var tables = new List<PictureTable>();
        foreach (SetFile file in files)
        {
            LabelFileStart start = await LabelFileStart.ReadAsync(set, file, cancellationToken);
            if (start.Table is not { } table || CentreColumns.Find(table.Names) is not { } box || PictureColumn.Find(table, out _) is not (int picture and >= 0))
                throw new RejectedFileException($"{FileNames.OwnName(file.Path)}: HRNet's columns are expected (image_name, scale, center_w, center_h, original_0_x, original_0_y …).");
            var header = new KeypointHeader(table.Names, Enumerable.Range(0, table.Names.Count).Where(column => column != picture && !box.Columns.Contains(column)));
            string[] problems = [.. header.Problems, .. header.Halves, .. header.LacksKeypoints ? ["there are no columns of points (original_0_x, original_0_y …)"] : Array.Empty<string>()];
            if (problems.Length > 0)
                throw new RejectedFileException($"{FileNames.OwnName(file.Path)}: the header cannot be used: {ShownText.List(problems, "; ", longest: KeypointHeader.LongestProblem)}.");
            tables.Add(new PictureTable(file, new PictureColumns(picture, Rename(header.Keypoints)) { Box = box }) { IsMissing = (_, y) => y <= 0 });
        }

        return await PictureTableReader.OpenAsync(set, tables, hasOpenConventions: false, cancellationToken);
    }

    private static KeypointColumns[] Rename(IReadOnlyList<KeypointColumns> keypoints)
    {
        bool areNumbered = keypoints.All(keypoint => keypoint.Name.StartsWith(PointPrefix, StringComparison.OrdinalIgnoreCase)
            && keypoint.Name.Length > PointPrefix.Length && keypoint.Name[PointPrefix.Length..].All(char.IsAsciiDigit));
        return [.. keypoints.Select(keypoint => areNumbered ? keypoint with { Name = keypoint.Name[PointPrefix.Length..] } : keypoint)];
    }
}
