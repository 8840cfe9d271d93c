using KeypointPipeline.Datasets;

namespace KeypointPipeline.Splits;

/// <summary>A component of rows while <see cref="RowPlanner"/> places it.</summary>
internal sealed class PlacedComponent
{
    private ulong _smallestKey = ulong.MaxValue;

    /// <summary>Number of rows in datasets to train on.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether a file given for validation has a row of the component.</summary>
    public bool HasValidationFile { get; private set; }

    /// <summary>Whether a file given for the test has a row of the component.</summary>
    public bool HasTestFile { get; private set; }

    /// <summary>Whether a published model trained on a picture or a group of the component.</summary>
    public bool IsTrained { get; set; }

    /// <summary>The side of the component's rows in datasets to train on.</summary>
    public RowSide Side { get; set; } = RowSide.Training;

    /// <summary>Whether the component can be held out. A row without any key can not: nothing tells later that a model trained on
    /// it.</summary>
    public bool IsFree => !IsTrained && _smallestKey != ulong.MaxValue;

    /// <summary>Place among the components, from their smallest keys.</summary>
    public ulong Order => DatasetSplit.Mix(_smallestKey);

    /// <summary>Adds a row.</summary>
    /// <param name="imageKey">Its image key.</param>
    /// <param name="groupKey">Its group key.</param>
    /// <param name="given">The side that the row's dataset was given for.</param>
    public void Add(ulong imageKey, ulong groupKey, RowSide given)
    {
        if (given == RowSide.Training)
            Rows++;
        HasValidationFile |= given == RowSide.Validation;
        HasTestFile |= given == RowSide.Test;
        Note(imageKey);
        Note(groupKey);
    }

    /// <summary>The side of the component's rows in a dataset.</summary>
    /// <param name="given">The side that the dataset was given for.</param>
    public RowSide SideOf(RowSide given) => given switch
    {
        RowSide.Training => Side,
        RowSide.Validation when HasTestFile => RowSide.SharesWithTest,
        _ => given,
    };

    private void Note(ulong key)
    {
        if (key != 0)
            _smallestKey = Math.Min(_smallestKey, key);
    }
}
