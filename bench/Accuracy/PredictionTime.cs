using System.Diagnostics;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>How long a model file takes, through the product's own prediction.</summary>
internal static class PredictionTime
{
    private const int Passes = 5;

    /// <summary>Milliseconds per image, all cores: median of several passes over all rows.</summary>
    public static double OfImage(string modelPath, PreparedDataset dataset)
    {
        using KeypointModel model = KeypointModel.Open(modelPath);
        LabelledRows rows = LabelledRows.Read(dataset, RowChoice.All);
        float[] predicted = new float[rows.Keypoints.Length];
        var milliseconds = new List<double>();
        for (int pass = 0; pass < Passes; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            model.Predict(rows.Images, dataset.Rows, predicted);
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / dataset.Rows);
        }

        return BenchRow.Of("", "", milliseconds).Median;
    }
}
