using KeypointPipeline.Files;
using KeypointPipeline.Keypoints;

namespace KeypointPipeline.Datasets;

/// <summary>Datasets that train together, because one schema has the keypoints of all of them by name.</summary>
/// <param name="Schema">Keypoints and frame of the training.</param>
/// <param name="Members">The datasets that train together, oldest first.</param>
/// <param name="Apart">The other datasets: one text for each group that belongs together, with the files and their keypoints.</param>
public sealed record DatasetFamily(KeypointSchema Schema, IReadOnlyList<DatasetManifest> Members, IReadOnlyList<string> Apart)
{
    private const int NamesShown = 6;

    /// <summary>Finds the family of a schema. Its keypoints are those of the largest schema that includes the given one. A dataset belongs
    /// to the family if its keypoints are among them.</summary>
    /// <param name="datasets">All datasets in force, oldest first.</param>
    /// <param name="basis">The schema to start from: of the dropped dataset, or of the champion.</param>
    /// <param name="champion">The champion's schema, or null. If it belongs to the family, the training keeps its frame and the order
    /// and spelling of its names; otherwise it has the frame of the oldest dataset.</param>
    public static DatasetFamily Of(IReadOnlyList<DatasetManifest> datasets, KeypointSchema basis, KeypointSchema? champion)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        KeypointSchema largest = Largest([.. champion is null ? [] : new[] { champion }, basis, .. datasets.Select(d => d.Schema)], basis);
        DatasetManifest[] members = [.. datasets.Where(dataset => Includes(largest, dataset.Schema))];
        KeypointSchema? kept = champion is not null && Includes(largest, champion) ? champion : null;
        KeypointSchema frame = kept ?? (members.Length > 0 ? members[0].Schema : basis);
        string[] names = kept is null ? [.. largest.Names] : [.. kept.Names, .. KeypointMatch.Between(largest, kept).OnlyInSource];
        MirrorPairs mirror = MirrorPairs.Combine(names, [.. members.Reverse().Select(dataset => dataset.Schema)]);
        return new DatasetFamily(
            new KeypointSchema(names, frame.FrameWidth, frame.FrameHeight, mirror), members, Group([.. datasets.Except(members)]));
    }

    private static KeypointSchema Largest(IReadOnlyList<KeypointSchema> schemas, KeypointSchema basis) =>
        schemas.Where(schema => Includes(schema, basis)).MaxBy(schema => schema.Count) ?? basis;

    private static bool Includes(KeypointSchema outer, KeypointSchema inner) => KeypointMatch.Between(inner, outer).OnlyInSource.Count == 0;

    private static List<string> Group(List<DatasetManifest> rest)
    {
        var groups = new List<string>();
        while (rest.Count > 0)
        {
            KeypointSchema largest = Largest([.. rest.Select(dataset => dataset.Schema)], rest.MaxBy(dataset => dataset.Schema.Count)!.Schema);
            List<DatasetManifest> members = rest.FindAll(dataset => Includes(largest, dataset.Schema));
            rest.RemoveAll(members.Contains);
            groups.Add($"{string.Join(", ", members.Select(dataset => dataset.Source))} ({ShownText.List(largest.Names, most: NamesShown)})");
        }

        return groups;
    }
}
