using System.Diagnostics;
using KeypointPipeline.Datasets;
using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Measures how long the product takes to predict with a model file.</summary>
internal static class PredictionTime
{
    private const int Passes = 5;

    /// <summary>Measures milliseconds per image on all cores: the median of several passes over all rows.</summary>
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

        return BenchRow.MedianOf(milliseconds);
    }
}
