using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Compares a model's predictions with labels, without allowance for labelling rules.</summary>
internal static class PredictionError
{
    /// <summary>The root mean squared error of a model over all labelled coordinates of some rows, frame pixels.</summary>
    public static double Of(KeypointModel model, LabelledRows rows)
    {
        float[] predicted = new float[rows.Keypoints.Length];
        model.Predict(rows.Images, rows.Count, predicted);
        return Rmse(predicted, rows.Keypoints);
    }

    /// <summary>The root mean squared error over all labelled coordinates; NaN if nothing is labelled.</summary>
    public static double Rmse(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels)
    {
        double squares = 0;
        int labelled = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (float.IsNaN(labels[i]))
                continue;
            squares += Math.Pow(predicted[i] - labels[i], 2);
            labelled++;
        }

        return Math.Sqrt(squares / labelled);
    }
}
