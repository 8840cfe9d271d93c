namespace KeypointPipeline.Bench.Accuracy;

/// <summary>The rows of the training data that an entry learns from.</summary>
internal enum RowChoice
{
    /// <summary>All rows; missing labels stay missing.</summary>
    All,

    /// <summary>Only rows with every keypoint labelled.</summary>
    Complete,

    /// <summary>All rows; a missing label is the keypoint's mean over the rows that have it.</summary>
    MeanFilled,

    /// <summary>Nine tenths of the rows; those that label few keypoints label some of them elsewhere. See <see cref="TwoRules"/>.</summary>
    TwoRules,
}
