namespace KeypointPipeline.Datasets.Converting;

/// <summary>What a conversion wrote.</summary>
/// <param name="Format">The format that was written, for people.</param>
/// <param name="Output">The file or folder.</param>
/// <param name="Keypoints">The keypoint names.</param>
/// <param name="Pictures">Number of pictures that the labels name.</param>
/// <param name="Instances">Number of labelled instances.</param>
/// <param name="Rejected">Rows that cannot be used and were left out.</param>
/// <param name="Problems">What is wrong with the first of them.</param>
/// <param name="Notes">What was guessed, what may be wrong and what the format cannot hold, one sentence each.</param>
public sealed record ConversionSummary(
    string Format,
    string Output,
    IReadOnlyList<string> Keypoints,
    int Pictures,
    long Instances,
    long Rejected,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes);
