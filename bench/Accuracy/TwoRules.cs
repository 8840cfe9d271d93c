using KeypointPipeline.Datasets;
using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Rows of two labelling rules: rows that label few keypoints label the nose and the bottom lip lower than the other rows do.
/// Nobody knows the rules of a real file. Here they are made, so the reported error can be compared with the true one.</summary>
internal static class TwoRules
{
    /// <summary>How much lower, frame pixels.</summary>
    private const float Lower = 4;

    private static readonly string[] Moved = ["nose_tip", "mouth_center_bottom_lip"];

    /// <summary>Whether a row is held out to measure the reported error: about a tenth of the rows.</summary>
    public static bool IsHeldOut(PreparedDataset dataset, int row) => DatasetSplit.IsValidation(dataset.SplitKey(row));

    /// <summary>The held-out rows with their own labels, and with the labels of their rule.</summary>
    public static (LabelledRows True, LabelledRows Reported) HeldOut(PreparedDataset dataset)
    {
        int[] rows = [.. Enumerable.Range(0, dataset.Rows).Where(row => IsHeldOut(dataset, row))];
        LabelledRows reported = LabelledRows.Read(dataset, rows);
        Move(reported);
        return (LabelledRows.Read(dataset, rows), reported);
    }

    /// <summary>Moves the labels of the rows that label few keypoints.</summary>
    /// <exception cref="InvalidDataException">The rows have no such keypoints.</exception>
    public static void Move(LabelledRows rows)
    {
        int[] moved = [.. Moved.Select(name => rows.Schema.Names.ToList().IndexOf(name))];
        if (moved.Contains(-1))
            throw new InvalidDataException($"Two labelling rules need the keypoints {string.Join(" and ", Moved)}. Leave the entry out with --only.");
        int coordinates = rows.Schema.Count * 2;
        for (int start = 0; start < rows.Keypoints.Length; start += coordinates)
        {
            Span<float> labels = rows.Keypoints.AsSpan(start, coordinates);
            int missing = 0;
            foreach (float value in labels)
                missing += float.IsNaN(value) ? 1 : 0;
            if ((coordinates - missing) / 2 > SparseOffsets.MostLabels(rows.Schema.Count))
                continue;
            foreach (int keypoint in moved)
                labels[(keypoint * 2) + 1] += Lower;
        }
    }
}

/// <summary>The errors of a training on two labelling rules, on the held-out rows, frame pixels.</summary>
/// <param name="Rows">Number of held-out rows.</param>
/// <param name="ReportedRmse">As the trainer reports it, with the labels of each row's rule.</param>
/// <param name="TrueRmse">With the labels of the rule that complete rows follow, which predictions follow.</param>
internal sealed record TwoRulesResult(int Rows, double ReportedRmse, double TrueRmse);
