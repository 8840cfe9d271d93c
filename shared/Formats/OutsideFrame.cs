namespace KeypointPipeline.Formats;

/// <summary>Measures how far a coordinate lies outside a frame or picture.</summary>
internal static class OutsideFrame
{
    /// <summary>Returns the distance outside in pixels; negative inside, NaN for NaN. Pixel centres are at 0 … side − 1, and the edges are
    /// half a pixel farther out.</summary>
    public static float Distance(float value, int side) => MathF.Max(-0.5f - value, value - (side - 0.5f));

    /// <summary>Whether a coordinate lies farther outside than annotators place points (<see cref="DatasetLimits.OutsideFrameShare"/>).</summary>
    public static bool IsFar(float value, int side) => Distance(value, side) > DatasetLimits.OutsideFrameShare * side;
}
