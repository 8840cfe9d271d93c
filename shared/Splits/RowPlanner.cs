namespace KeypointPipeline.Splits;

/// <summary>Makes row plans. Rows are placed by connected components of pictures and groups over all datasets of the training, so that
/// no picture and no person is on two sides.</summary>
/// <remarks>
/// A component with a row that a published model trained on stays in training. The others are ordered by a hash of their smallest key.
/// Test is filled first, then validation, each up to 10 % of all rows. A component goes to a side if at least half of it fits. If less
/// than 20 % of the rows are free to place, both sides get half of them. Because the hash decides the order, a test row stays a test row
/// while the data grow.
/// </remarks>
public static class RowPlanner
{
    /// <summary>With fewer rows than this, nothing is held out of the training data.</summary>
    public const int FewestRows = 100;

    /// <summary>With fewer validation rows than this, nothing is held out for validation: so few rows cannot choose an epoch.</summary>
    public const int FewestValidationRows = 10;

    /// <summary>A side receives one of this many rows.</summary>
    private const int Part = 10;

    /// <summary>Plans a training.</summary>
    /// <param name="data">Datasets to train on.</param>
    /// <param name="trained">What published models trained on.</param>
    /// <param name="validation">Datasets to validate on; null holds validation rows out of <paramref name="data"/>.</param>
    /// <param name="test">Datasets to test on. Null holds test rows out of <paramref name="data"/>, unless
    /// <paramref name="validation"/> is given: then there is no test.</param>
    public static RowPlan Plan(
        IReadOnlyList<DatasetKeys> data,
        TrainedKeys trained,
        IReadOnlyList<DatasetKeys>? validation = null,
        IReadOnlyList<DatasetKeys>? test = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(trained);
        DatasetKeys[] all = [.. data, .. validation ?? [], .. test ?? []];
        RowSide[] given =
        [
            .. data.Select(_ => RowSide.Training),
            .. (validation ?? []).Select(_ => RowSide.Validation),
            .. (test ?? []).Select(_ => RowSide.Test),
        ];
        var numbers = new RowComponents(all);
        PlacedComponent[] components = Describe(all, given, numbers, trained);
        PlaceFiles(components);
        if (validation is null)
            HoldOut([.. components.Where(component => component.Side == RowSide.Training)], holdsOutTest: test is null);
        return ToPlan(all, given, numbers, components);
    }

    private static PlacedComponent[] Describe(
        DatasetKeys[] datasets, RowSide[] given, RowComponents numbers, TrainedKeys trained)
    {
        var components = new PlacedComponent[numbers.Count];
        for (int i = 0; i < components.Length; i++)
            components[i] = new PlacedComponent();
        int next = 0;
        for (int dataset = 0; dataset < datasets.Length; dataset++)
        {
            DatasetKeys keys = datasets[dataset];
            for (int row = 0; row < keys.Rows; row++, next++)
            {
                PlacedComponent component = components[numbers.Numbers[next]];
                component.Add(keys.ImageKeys[row], keys.GroupKeys[row], given[dataset]);
                component.IsTrained |= trained.Contains(keys.ImageKeys[row]) || trained.Contains(keys.GroupKeys[row]);
            }
        }

        return components;
    }

    /// <summary>Training rows that share pictures or groups with a given file are left out. If that would leave no row, all rows train, and
    /// the report says that the file measures nothing new.</summary>
    private static void PlaceFiles(PlacedComponent[] components)
    {
        if (components.All(component => component.Rows == 0 || component.HasTestFile || component.HasValidationFile))
            return;
        foreach (PlacedComponent component in components)
        {
            if (component.HasTestFile)
                component.Side = RowSide.SharesWithTest;
            else if (component.HasValidationFile)
                component.Side = RowSide.SharesWithValidation;
        }
    }

    private static void HoldOut(PlacedComponent[] components, bool holdsOutTest)
    {
        int rows = components.Sum(component => component.Rows);
        if (rows < FewestRows)
            return;
        PlacedComponent[] free = [.. components.Where(component => component.IsFree).OrderBy(component => component.Order)];
        int freeRows = free.Sum(component => component.Rows);
        int share = Math.Min(rows / Part, holdsOutTest ? freeRows / 2 : freeRows);

        // Where few rows are free, as in a storage of an earlier version, validation comes first: without it, no epoch is chosen.
        int validation = Math.Max(share, Math.Min(FewestValidationRows, freeRows));
        if (holdsOutTest)
            Fill(free, RowSide.Test, Math.Min(share, freeRows - validation));
        if (Fill(free, RowSide.Validation, validation) >= FewestValidationRows)
            return;
        foreach (PlacedComponent component in free.Where(component => component.Side == RowSide.Validation))
            component.Side = RowSide.Training;
    }

    /// <summary>Moves components from training to a side until it is full.</summary>
    /// <returns>Number of rows on the side.</returns>
    private static int Fill(PlacedComponent[] free, RowSide side, int target)
    {
        int filled = 0;
        foreach (PlacedComponent component in free)
        {
            if (component.Side != RowSide.Training || 2L * (target - filled) < component.Rows)
                continue;
            component.Side = side;
            filled += component.Rows;
        }

        return filled;
    }

    private static RowPlan ToPlan(DatasetKeys[] datasets, RowSide[] given, RowComponents numbers, PlacedComponent[] components)
    {
        int first = 0;
        return new RowPlan([.. datasets.Select((dataset, i) =>
        {
            int[] ofRows = numbers.Numbers[first..(first + dataset.Rows)];
            first += dataset.Rows;
            return new PlannedDataset(
                dataset.DatasetId, [.. ofRows.Select(number => components[number].SideOf(given[i]))], ofRows, dataset.ImageKeys, dataset.GroupKeys);
        })]);
    }
}
