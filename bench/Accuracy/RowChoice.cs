namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The rows of the training data that an entry learns from.</summary>
internal enum RowChoice
{
    /// <summary>All, missing labels left missing.</summary>
    All,

    /// <summary>Only those with every keypoint labelled.</summary>
    Complete,

    /// <summary>All, a missing label filled with the keypoint's mean over the rows that have it.</summary>
    MeanFilled,
}
