namespace KeypointPipeline.Evaluation;

/// <summary>One model's error on one labelled row.</summary>
/// <param name="Component">Number of the row's component. Rows of one component share a person or a picture, so their errors are not
/// independent.</param>
/// <param name="SquaredError">Sum of dx² + dy² over the row's labelled points, in square pixels of the frame.</param>
/// <param name="Coordinates">Number of labelled coordinates: two for each labelled point. 0 if the row has no label.</param>
public sealed record RowError(int Component, double SquaredError, int Coordinates)
{
    /// <summary>Root mean squared error over the labelled coordinates of rows; null if nothing is labelled.</summary>
    public static double? Rmse(IReadOnlyList<RowError> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        long coordinates = rows.Sum(row => (long)row.Coordinates);
        return coordinates == 0 ? null : Math.Sqrt(rows.Sum(row => row.SquaredError) / coordinates);
    }
}
