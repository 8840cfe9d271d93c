using KeypointPipeline.Datasets;

namespace KeypointPipeline.Splits;

/// <summary>The split of versions that wrote no <c>rows.bin</c>: <see cref="DatasetSplit"/> chose the validation rows from their split
/// keys, and there was no test. Needed for their runs and for the history of their models.</summary>
public static class OldSplitRule
{
    /// <summary>With fewer held-out rows than this, all rows were trained on.</summary>
    private const int FewestValidationRows = 10;

    /// <summary>Makes the plan that an earlier version followed in a run.</summary>
    /// <param name="data">Datasets to train on.</param>
    /// <param name="validation">Datasets to validate on, while all rows of <paramref name="data"/> were trained on; null if rows of
    /// <paramref name="data"/> were held out.</param>
    public static RowPlan Plan(IReadOnlyList<DatasetKeys> data, IReadOnlyList<DatasetKeys>? validation)
    {
        ArgumentNullException.ThrowIfNull(data);
        int heldOut = data.Sum(dataset => dataset.SplitKeys.Count(DatasetSplit.IsValidation));
        bool heldRowsOut = validation is null && heldOut >= FewestValidationRows && heldOut < data.Sum(dataset => dataset.Rows);
        return Plan([.. data, .. validation ?? []], (dataset, key) =>
            dataset >= data.Count || (heldRowsOut && DatasetSplit.IsValidation(key)));
    }

    /// <summary>Makes the plan that a published model of an earlier version followed.</summary>
    /// <param name="data">Those of its datasets that are still prepared.</param>
    /// <param name="heldRowsOut">Whether the model had validation rows. Otherwise it trained on all rows.</param>
    public static RowPlan Plan(IReadOnlyList<DatasetKeys> data, bool heldRowsOut) =>
        Plan(data, (_, key) => heldRowsOut && DatasetSplit.IsValidation(key));

    private static RowPlan Plan(IReadOnlyList<DatasetKeys> datasets, Func<int, ulong, bool> isValidation)
    {
        int[] components = new RowComponents(datasets).Numbers;
        int first = 0;
        return new RowPlan([.. datasets.Select((dataset, i) =>
        {
            RowSide[] sides = [.. dataset.SplitKeys.Select(key => isValidation(i, key) ? RowSide.Validation : RowSide.Training)];
            int start = first;
            first += dataset.Rows;
            return new PlannedDataset(dataset.DatasetId, sides, components[start..first], dataset.ImageKeys, dataset.GroupKeys);
        })]);
    }
}
