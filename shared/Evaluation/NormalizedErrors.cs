namespace KeypointPipeline.Evaluation;

/// <summary>Accumulates errors that are divided by the distance between the eyes.</summary>
/// <remarks>The area under the cumulative error curve up to a threshold t is the mean over the images of max(0, 1 − error ÷ t). So nothing
/// has to be kept per image.</remarks>
internal sealed class NormalizedErrors
{
    /// <summary>The threshold of the curve, of failures and of single points, as for WFLW (Wu et al., Look at Boundary, 2018).</summary>
    public const double Threshold = 0.1;

    private double _sum;
    private double _area;
    private int _failures;
    private long _points;
    private long _nearPoints;

    /// <summary>Number of images added.</summary>
    public int Images { get; private set; }

    /// <summary>Mean over the images; null if there are none.</summary>
    public double? Mean => Images == 0 ? null : _sum / Images;

    /// <summary>Share of images whose error is above <see cref="Threshold"/>; null if there are none.</summary>
    public double? FailureRate => Images == 0 ? null : (double)_failures / Images;

    /// <summary>Area under the cumulative error curve from 0 to <see cref="Threshold"/>, 0 to 1; null if there are no images.</summary>
    public double? AreaUnderCurve => Images == 0 ? null : _area / Images;

    /// <summary>Share of points whose own distance is at most <see cref="Threshold"/>; null if there are none.</summary>
    public double? CorrectPoints => _points == 0 ? null : (double)_nearPoints / _points;

    /// <summary>Adds an image.</summary>
    /// <param name="mean">Mean distance of its labelled points ÷ distance between the eyes.</param>
    /// <param name="points">Number of labelled points.</param>
    /// <param name="nearPoints">How many of them are no further than <see cref="Threshold"/>.</param>
    public void Add(double mean, int points, int nearPoints)
    {
        Images++;
        _sum += mean;
        _area += Math.Max(0, 1 - (mean / Threshold));
        _failures += mean > Threshold ? 1 : 0;
        _points += points;
        _nearPoints += nearPoints;
    }
}
