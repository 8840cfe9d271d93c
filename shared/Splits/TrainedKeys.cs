namespace KeypointPipeline.Splits;

/// <summary>The image and group keys that published models trained on. Rows with such a key stay in training, so that no model is
/// measured on rows, pictures or people that it has learned from.</summary>
public sealed class TrainedKeys
{
    private readonly HashSet<ulong> _keys = [];

    /// <summary>Adds the training rows of a model.</summary>
    /// <param name="plan">The row plan of its training.</param>
    public void Add(RowPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (PlannedDataset dataset in plan.Datasets)
        {
            for (int row = 0; row < dataset.Sides.Count; row++)
            {
                if (dataset.Sides[row] != RowSide.Training)
                    continue;
                Add(dataset.ImageKeys[row]);
                Add(dataset.GroupKeys[row]);
            }
        }
    }

    /// <summary>Gets whether a model trained on a row with this key. False for 0, which stands for no key.</summary>
    public bool Contains(ulong key) => _keys.Contains(key);

    private void Add(ulong key)
    {
        if (key != 0)
            _keys.Add(key);
    }
}
