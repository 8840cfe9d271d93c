namespace KeypointPipeline.Splits;

/// <summary>What a training does with a row. The values are those of <see cref="RowPlanFile"/>.</summary>
public enum RowSide : byte
{
    /// <summary>The network learns from the row.</summary>
    Training = 0,

    /// <summary>The row chooses the epoch and calibrates the uncertainty.</summary>
    Validation = 1,

    /// <summary>The row measures the finished model, once.</summary>
    Test = 2,

    /// <summary>Left out: the row shares a picture or a group with a row of the file that was given for validation.</summary>
    SharesWithValidation = 3,

    /// <summary>Left out: the row shares a picture or a group with a row of the file that was given for the test.</summary>
    SharesWithTest = 4,
}
