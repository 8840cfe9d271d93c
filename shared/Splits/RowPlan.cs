using System.Runtime.InteropServices;
using KeypointPipeline.Datasets;
using KeypointPipeline.Training;

namespace KeypointPipeline.Splits;

/// <summary>The row plan of a training: the side of every row of its datasets. Planning makes it, and trainer and evaluation only read
/// it. Stored as <c>rows.bin</c> (<see cref="RowPlanFile"/>) with the run and with the published model.</summary>
/// <param name="datasets">The datasets in the order of the request: training data, then files for validation, then files for the
/// test.</param>
public sealed class RowPlan(IReadOnlyList<PlannedDataset> datasets)
{
    /// <summary>The datasets, in order.</summary>
    public IReadOnlyList<PlannedDataset> Datasets { get; } = datasets;

    /// <summary>Lists the rows on a side, dataset by dataset and in row order.</summary>
    public IEnumerable<PlannedRow> RowsOn(RowSide side)
    {
        for (int dataset = 0; dataset < Datasets.Count; dataset++)
        {
            PlannedDataset rows = Datasets[dataset];
            for (int row = 0; row < rows.Sides.Count; row++)
            {
                if (rows.Sides[row] == side)
                    yield return new PlannedRow(dataset, row, rows.Components[row]);
            }
        }
    }

    /// <summary>Counts the rows on a side.</summary>
    public int Count(RowSide side) => Datasets.Sum(dataset => dataset.Sides.Count(s => s == side));

    /// <summary>Counts the components that have rows on a side.</summary>
    public int CountComponents(RowSide side) => RowsOn(side).Select(row => row.Component).Distinct().Count();

    /// <summary>Counts what people should know of the plan.</summary>
    public RowPlanReport Report()
    {
        var sizes = Datasets.SelectMany(dataset => dataset.Components).CountBy(component => component).ToList();
        KeyValuePair<int, int> largest = sizes.Count == 0 ? new(-1, 0) : sizes.MaxBy(size => size.Value);
        return new RowPlanReport(
            Count(RowSide.Training),
            Count(RowSide.Validation),
            Count(RowSide.Test),
            CountComponents(RowSide.Test),
            Count(RowSide.SharesWithValidation) + Count(RowSide.SharesWithTest),
            largest.Value,
            JoinedBy(largest.Key),
            SharedRows: CountShared(),
            TrainingComponents: CountComponents(RowSide.Training),
            ValidationComponents: CountComponents(RowSide.Validation));
    }

    /// <summary>Throws if the plan does not belong to these datasets.</summary>
    /// <param name="datasets">The datasets, in order.</param>
    /// <exception cref="InvalidDataException">The datasets have other ids or numbers of rows.</exception>
    public void RequireFor(IReadOnlyList<IDatasetRows> datasets)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        if (!Datasets.Select(d => (d.DatasetId, d.Sides.Count)).SequenceEqual(datasets.Select(d => (d.Manifest.DatasetId, d.Manifest.Rows))))
        {
            throw new InvalidDataException(
                $"{TrainingRunFiles.Rows} plans {string.Join(", ", Datasets.Select(d => d.DatasetId))}, but the run has other datasets: "
                + $"{string.Join(", ", datasets.Select(d => d.Manifest.DatasetId))}. Start the training again.");
        }
    }

    private int CountShared()
    {
        HashSet<int> measured = [.. RowsOn(RowSide.Validation).Concat(RowsOn(RowSide.Test)).Select(row => row.Component)];
        return RowsOn(RowSide.Training).Count(row => measured.Contains(row.Component));
    }

    private string? JoinedBy(int component)
    {
        bool byGroup = Repeats(dataset => dataset.GroupKeys);
        bool byPicture = Repeats(dataset => dataset.ImageKeys);
        return byGroup && byPicture ? "group and picture" : byGroup ? "group" : byPicture ? "picture" : null;

        bool Repeats(Func<PlannedDataset, IReadOnlyList<ulong>> keys)
        {
            var seen = new HashSet<ulong>();
            return Datasets.Any(dataset => Enumerable.Range(0, dataset.Components.Count)
                .Any(row => dataset.Components[row] == component && keys(dataset)[row] is ulong key and not 0 && !seen.Add(key)));
        }
    }
}

/// <summary>The planned rows of one prepared dataset. All lists have one entry for each row, in row order.</summary>
/// <param name="DatasetId">Id of the prepared dataset.</param>
/// <param name="Sides">The side of each row.</param>
/// <param name="Components">Number of the component that the row belongs to, from 0. Rows of one component share pictures or groups,
/// directly or through other rows, in any dataset of the plan.</param>
/// <param name="ImageKeys">The rows' image keys. 0 for a picture without contrast.</param>
/// <param name="GroupKeys">The rows' group keys. 0 for a row without a group.</param>
public sealed record PlannedDataset(
    string DatasetId,
    IReadOnlyList<RowSide> Sides,
    IReadOnlyList<int> Components,
    IReadOnlyList<ulong> ImageKeys,
    IReadOnlyList<ulong> GroupKeys);

/// <summary>A row of a plan.</summary>
/// <param name="Dataset">Index of its dataset in <see cref="RowPlan.Datasets"/>.</param>
/// <param name="Row">Index of the row in that dataset.</param>
/// <param name="Component">Number of its component.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlannedRow(int Dataset, int Row, int Component);
