using KeypointPipeline.Datasets;
using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>A validation image that a model predicted.</summary>
/// <param name="SourceRow">Its row in the labelled file: 1 is the first below the header.</param>
/// <param name="Rmse">Error over its labelled coordinates, frame pixels.</param>
/// <param name="Image">H·W grey bytes.</param>
/// <param name="Labels">K·2 coordinates, frame pixels; NaN = missing.</param>
/// <param name="Predicted">K·2 coordinates, frame pixels.</param>
internal sealed record PredictedFace(uint SourceRow, double Rmse, byte[] Image, float[] Labels, float[] Predicted);

/// <summary>Finds the validation images with a model's largest errors.</summary>
internal static class WorstFaces
{
    /// <summary>Finds the images, the largest error first. Images without labels are left out.</summary>
    public static IReadOnlyList<PredictedFace> Find(KeypointModel model, PreparedDataset validation, int count)
    {
        LabelledRows rows = LabelledRows.Read(validation, RowChoice.All);
        float[] predicted = new float[rows.Keypoints.Length];
        model.Predict(rows.Images, validation.Rows, predicted);
        int coordinates = rows.Schema.Count * 2;
        return
        [
            .. Enumerable.Range(0, validation.Rows)
                .Select(row => new PredictedFace(
                    validation.SourceRow(row),
                    PredictionError.Rmse(predicted.AsSpan(row * coordinates, coordinates), validation.Keypoints(row)),
                    validation.Image(row).ToArray(),
                    validation.Keypoints(row).ToArray(),
                    predicted[(row * coordinates)..((row + 1) * coordinates)]))
                .Where(face => !double.IsNaN(face.Rmse))
                .OrderByDescending(face => face.Rmse)
                .Take(count),
        ];
    }
}
