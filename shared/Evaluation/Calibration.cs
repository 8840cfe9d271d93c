namespace KeypointPipeline.Evaluation;

/// <summary>Holds a model's predicted errors against the actual ones. Keeps two numbers per image.</summary>
internal sealed class Calibration
{
    private readonly List<double> _actual = [];
    private readonly List<double> _predicted = [];
    private double _actualSquares;
    private double _predictedSquares;

    /// <summary>Adds one image.</summary>
    /// <param name="actualSquares">Sum of (dx² + dy²) ÷ 2 over its labelled points.</param>
    /// <param name="predictedSquares">Sum of their squared uncertainties.</param>
    /// <param name="points">Labelled points; an image with none says nothing.</param>
    public void Add(double actualSquares, double predictedSquares, int points)
    {
        if (points == 0)
            return;
        _actualSquares += actualSquares;
        _predictedSquares += predictedSquares;
        _actual.Add(actualSquares / points);
        _predicted.Add(predictedSquares / points);
    }

    /// <summary>Actual by predicted RMSE, and the rank correlation of the two over the images; null where there is nothing to compare
    /// or the model gave no numbers.</summary>
    public (double? Ratio, double? Correlation) Result()
    {
        double ratio = Math.Sqrt(_actualSquares / _predictedSquares);
        return double.IsFinite(ratio) ? (ratio, RankCorrelation.Between(_actual, _predicted)) : (null, null);
    }
}
