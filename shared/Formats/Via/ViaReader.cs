using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KeypointPipeline.Formats.Csv;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Formats.Via;

/// <summary>Reads the regions of each picture from the temporary file, and puts them into instances.</summary>
/// <param name="spool">The regions: one record each. It is disposed with this object.</param>
/// <param name="fileName">Name of the label files, for messages.</param>
/// <param name="keypoints">Keypoint names.</param>
/// <param name="attributes">What the attributes mean.</param>
/// <param name="regions">Where the regions were read from.</param>
internal sealed class ViaReader(InstanceSpool spool, string fileName, string[] keypoints, ViaAttributes attributes, ViaRegions regions) : LabelReader
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => keypoints;

    /// <inheritdoc/>
    public override string FileName => fileName;

    /// <inheritdoc/>
    public override string RowWord => regions.RowWord;

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => attributes.Guesses;

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings => [.. attributes.Warnings, .. regions.Warnings];

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (LabelledPicture picture in spool.Read(keypoints))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return picture with { Instances = Group(picture.Instances) };
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync()
    {
        spool.Dispose();
        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<LabelledInstance> Group(IReadOnlyList<LabelledInstance> found)
    {
        LabelledInstance[] bad = [.. found.Where(region => region.Fault is not null)];
        LabelledInstance[] points = [.. found.Where(region => region.Fault is null && region.Box is null)];
        if (attributes.IsNumbered && points.GroupBy(point => point.Id).FirstOrDefault(instance => instance.Count() != keypoints.Length) is { } other)
        {
            var fault = new RowFault(RowProblemKind.Label, Column: null,
                $"an instance has {other.Count():N0} points without names, others have {keypoints.Length:N0}: it is unknown which one is which");
            return [.. bad, new LabelledInstance(other.First().Row, []) { Fault = fault }];
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var loose = new LooseRegions(keypoints);
        foreach (LabelledInstance box in found.Where(region => region.Fault is null && region.Box is not null))
            loose.AddBox(box.Id, box.Box!, box.Box!);
        foreach (LabelledInstance point in points)
        {
            int stored = Array.FindIndex(point.Points, float.IsFinite) / 2;
            int keypoint = attributes.IsNumbered ? CollectionsMarshal.GetValueRefOrAddDefault(numbers, point.Id ?? string.Empty, out _)++ : stored;
            loose.AddPoint(keypoint, point.Points[2 * stored], point.Points[(2 * stored) + 1], point.Id);
        }

        return [.. bad, .. loose.ToInstances(found.Count > 0 ? found[0].Row : 0)];
    }
}
