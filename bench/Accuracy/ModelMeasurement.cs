using System.Diagnostics;
using KeypointPipeline.Datasets;
using KeypointPipeline.Inference;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>A model file measured as a user would: through the product's own prediction.</summary>
/// <param name="Validation">Its errors.</param>
/// <param name="MillisecondsPerImage">Its time, all cores: median of several passes.</param>
internal sealed record ModelMeasurement(EvaluationResult Validation, double MillisecondsPerImage)
{
    private const int Passes = 5;

    /// <summary>Measures a file on all rows.</summary>
    public static ModelMeasurement Of(string modelPath, PreparedDataset validation, CancellationToken cancellationToken)
    {
        using KeypointModel model = KeypointModel.Open(modelPath);
        EvaluationResult result = ModelEvaluator.Evaluate(model, validation, includesSplitKey: null, cancellationToken);
        LabelledRows rows = LabelledRows.Read(validation, RowChoice.All);
        float[] predicted = new float[rows.Keypoints.Length];
        var milliseconds = new List<double>();
        for (int pass = 0; pass < Passes; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            model.Predict(rows.Images, validation.Rows, predicted);
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / validation.Rows);
        }

        milliseconds.Sort();
        return new ModelMeasurement(result, milliseconds[Passes / 2]);
    }
}
