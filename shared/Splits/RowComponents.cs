namespace KeypointPipeline.Splits;

/// <summary>Connected components of rows: rows that share an image key or a group key, directly or through other rows.</summary>
/// <remarks>Union-find with path halving, over the rows of all datasets in order.</remarks>
internal sealed class RowComponents
{
    private readonly int[] _parents;
    private readonly Dictionary<ulong, int> _firstRows = [];

    /// <summary>Connects the rows of datasets.</summary>
    /// <param name="datasets">The datasets, in the order of the plan.</param>
    public RowComponents(IReadOnlyList<DatasetKeys> datasets)
    {
        _parents = [.. Enumerable.Range(0, datasets.Sum(dataset => dataset.Rows))];
        int row = 0;
        foreach (DatasetKeys dataset in datasets)
        {
            for (int i = 0; i < dataset.Rows; i++, row++)
            {
                Connect(row, dataset.ImageKeys[i]);
                Connect(row, dataset.GroupKeys[i]);
            }
        }

        Numbers = Number();
    }

    /// <summary>The number of each row's component. Components are numbered from 0 in the order of their first rows.</summary>
    public int[] Numbers { get; }

    /// <summary>Number of components.</summary>
    public int Count { get; private set; }

    private void Connect(int row, ulong key)
    {
        if (key == 0 || _firstRows.TryAdd(key, row))
            return;
        int first = Root(_firstRows[key]);
        int second = Root(row);
        _parents[Math.Max(first, second)] = Math.Min(first, second);
    }

    private int Root(int row)
    {
        while (_parents[row] != row)
            row = _parents[row] = _parents[_parents[row]];
        return row;
    }

    /// <summary>A root is the first row of its component, so a single pass numbers all rows.</summary>
    private int[] Number()
    {
        int[] numbers = new int[_parents.Length];
        for (int row = 0; row < numbers.Length; row++)
        {
            int root = Root(row);
            numbers[row] = root == row ? Count++ : numbers[root];
        }

        return numbers;
    }
}
