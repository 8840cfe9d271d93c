using System.Runtime.InteropServices;

namespace KeypointPipeline.Evaluation;

/// <summary>The error of one row.</summary>
/// <param name="ComparedSquares">Sum of dx² + dy² over the labelled points of the compared keypoints, in square pixels of the frame.</param>
/// <param name="ComparedPoints">Number of these points.</param>
/// <param name="Distances">Sum of the distances of all labelled points, in pixels of the frame.</param>
/// <param name="Points">Number of all labelled points.</param>
/// <param name="Nme">Mean distance ÷ distance between the labelled eyes; null without them.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowScore(double ComparedSquares, int ComparedPoints, double Distances, int Points, double? Nme)
{
    /// <summary>Mean distance of the labelled points in pixels of the frame; null if there are none.</summary>
    public double? MeanDistance => Points == 0 ? null : Distances / Points;
}
