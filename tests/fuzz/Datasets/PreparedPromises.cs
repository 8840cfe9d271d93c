using KeypointPipeline.Datasets;
using KeypointPipeline.Formats;

namespace KeypointPipeline.Fuzz.Tests.Datasets;

/// <summary>Checks what every prepared dataset promises.</summary>
internal static class PreparedPromises
{
    /// <summary>Returns the first broken promise, or null.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="report">Its report.</param>
    /// <param name="hasPictures">Whether the pictures are files. Their rows are in the order of the pictures, and a label may take several
    /// rows of its file.</param>
    public static string? WhatIsBroken(PreparedDataset dataset, DatasetReport report, bool hasPictures)
    {
        if (dataset.Rows != report.RowsAccepted)
            return $"{report.RowsAccepted} rows were accepted, but the dataset has {dataset.Rows}.";
        int[] labels = new int[dataset.Manifest.Schema.Count];
        int complete = 0;
        for (int row = 0; row < dataset.Rows; row++)
        {
            if (!hasPictures && (dataset.SourceRow(row) > report.RowsIn || (row > 0 && dataset.SourceRow(row) <= dataset.SourceRow(row - 1))))
                return $"Row {row} comes from row {dataset.SourceRow(row)} of {report.RowsIn}, out of order.";
            int labelled = 0;
            for (int k = 0; k < labels.Length; k++)
            {
                if (!IsLabel(dataset, row, k, out bool isLabelled))
                    return $"Row {row}, keypoint {k} is neither a place near the frame nor missing.";
                labels[k] += isLabelled ? 1 : 0;
                labelled += isLabelled ? 1 : 0;
            }

            if (labelled == 0)
                return $"Row {row} has no label.";
            complete += labelled == labels.Length ? 1 : 0;
        }

        return complete == report.CompleteRows && labels.SequenceEqual(report.Labels.Select(label => label.Labels)) && labels.SequenceEqual(dataset.Manifest.Labels)
            ? null
            : "The labels do not match the report's counts.";
    }

    private static bool IsLabel(PreparedDataset dataset, int row, int keypoint, out bool isLabelled)
    {
        ReadOnlySpan<float> point = dataset.Keypoints(row).Slice(2 * keypoint, 2);
        isLabelled = !float.IsNaN(point[0]);
        return isLabelled
            ? IsNear(point[0], dataset.Manifest.Schema.FrameWidth) && IsNear(point[1], dataset.Manifest.Schema.FrameHeight)
            : float.IsNaN(point[1]);
    }

    private static bool IsNear(float value, int side) =>
        value >= -0.5 - (DatasetLimits.OutsideFrameShare * side) - 1e-3 && value <= side - 0.5 + (DatasetLimits.OutsideFrameShare * side) + 1e-3;
}
