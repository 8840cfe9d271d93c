namespace KeypointPipeline.Images.Placing;

/// <summary>A framing that a person stated.</summary>
/// <param name="Kind">Whole, box or points.</param>
/// <param name="Margin">The margin, or null if it is not stated. See <see cref="Framing.Margin"/>.</param>
internal sealed record FramingStatement(FramingKind Kind, double? Margin = null)
{
    /// <summary>The smallest margin that can be stated.</summary>
    public const double SmallestMargin = 0.5;

    /// <summary>The largest margin that can be stated.</summary>
    public const double LargestMargin = 4;
}
