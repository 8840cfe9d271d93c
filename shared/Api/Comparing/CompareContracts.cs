namespace KeypointPipeline.Api.Comparing;

/// <summary>Answer of <c>GET /api/models/{version}/compare/{other}</c>: two models on the same test rows, which neither learned from.
/// Lengths are in pixels of the models' frame.</summary>
/// <param name="First">The version in the address.</param>
/// <param name="Second">The version to compare it with.</param>
/// <param name="Rows">Number of rows that were predicted: a sample of <paramref name="TestRows"/>.</param>
/// <param name="TestRows">Number of test rows of the first version that the second one did not learn from.</param>
/// <param name="FrameWidth">Width of the frame.</param>
/// <param name="FrameHeight">Height of the frame.</param>
/// <param name="Keypoints">The errors of each keypoint that both models predict.</param>
/// <param name="Pictures">The predicted rows; the largest difference between the models' errors comes first.</param>
/// <param name="Note">Why the second version may have learned from these rows; null if it did not.</param>
public sealed record ModelsSideBySide(
    string First,
    string Second,
    int Rows,
    int TestRows,
    int FrameWidth,
    int FrameHeight,
    IReadOnlyList<KeypointErrors> Keypoints,
    IReadOnlyList<ComparedRow> Pictures,
    string? Note = null);

/// <summary>The errors of one keypoint.</summary>
/// <param name="Keypoint">Its name.</param>
/// <param name="Labels">Number of labels among the rows.</param>
/// <param name="First">Root mean squared error per coordinate of the first model; null without labels.</param>
/// <param name="Second">The same of the second model.</param>
public sealed record KeypointErrors(string Keypoint, int Labels, double? First, double? Second);

/// <summary>A row as both models predict it. The points are in the order of <see cref="ModelsSideBySide.Keypoints"/>; null for one that is
/// missing.</summary>
/// <param name="DatasetId">Its dataset.</param>
/// <param name="Row">Its number in the prepared dataset.</param>
/// <param name="Labels">The labels.</param>
/// <param name="First">The points of the first model.</param>
/// <param name="Second">The points of the second model.</param>
/// <param name="FirstError">Mean distance of the first model's points from the labels; null without labels.</param>
/// <param name="SecondError">The same of the second model.</param>
public sealed record ComparedRow(
    string DatasetId,
    int Row,
    IReadOnlyList<IReadOnlyList<float>?> Labels,
    IReadOnlyList<IReadOnlyList<float>?> First,
    IReadOnlyList<IReadOnlyList<float>?> Second,
    double? FirstError,
    double? SecondError);
