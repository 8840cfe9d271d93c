namespace KeypointPipeline.Evaluation;

/// <summary>Compares a model's predicted errors with its actual errors. Keeps two numbers per image.</summary>
internal sealed class Calibration
{
    private readonly List<double> _actual = [];
    private readonly List<double> _predicted = [];
    private double _actualSquares;
    private double _predictedSquares;

    /// <summary>Adds one image.</summary>
    /// <param name="actualSquares">Sum of (dx² + dy²) ÷ 2 over the image's labelled points.</param>
    /// <param name="predictedSquares">Sum of the squared uncertainties of the same points.</param>
    /// <param name="points">Number of labelled points. An image without labelled points is ignored.</param>
    public void Add(double actualSquares, double predictedSquares, int points)
    {
        if (points == 0)
            return;
        _actualSquares += actualSquares;
        _predictedSquares += predictedSquares;
        _actual.Add(actualSquares / points);
        _predicted.Add(predictedSquares / points);
    }

    /// <summary>Computes actual RMSE ÷ predicted RMSE, and the rank correlation of the two over the images.</summary>
    /// <returns>Both are null if there is nothing to compare or the model gave no numbers.</returns>
    public (double? Ratio, double? Correlation) Result()
    {
        double ratio = Math.Sqrt(_actualSquares / _predictedSquares);
        return double.IsFinite(ratio) ? (ratio, RankCorrelation.Between(_actual, _predicted)) : (null, null);
    }
}
