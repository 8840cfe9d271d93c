namespace KeypointPipeline.Models;

/// <summary>A candidate's RMSE ÷ the champion's RMSE on the same rows. Below 1 the candidate is better.</summary>
/// <param name="Value">The ratio on the rows measured.</param>
/// <param name="Low">With 95 % confidence, the ratio on all such rows is at least this much.</param>
/// <param name="High">With 95 % confidence, the ratio on all such rows is at most this much.</param>
public sealed record ErrorRatio(double Value, double Low, double High);
