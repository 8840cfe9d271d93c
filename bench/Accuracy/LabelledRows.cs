using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Loop;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Accuracy;

/// <summary>Labelled rows in memory.</summary>
/// <param name="Schema">Keypoints and frame.</param>
/// <param name="Images">N·H·W grey bytes.</param>
/// <param name="Keypoints">N·K·2 coordinates, frame pixels; NaN = missing.</param>
internal sealed record LabelledRows(KeypointSchema Schema, byte[] Images, float[] Keypoints)
{
    /// <summary>Reads the rows of a dataset that an entry learns from.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="choice">Which rows, and with which labels.</param>
    /// <param name="count">Number of rows to draw; null for all.</param>
    /// <param name="seed">Draws the rows.</param>
    /// <exception cref="InvalidDataException">There are none, or too few.</exception>
    public static LabelledRows Read(PreparedDataset dataset, RowChoice choice, int? count = null, int seed = 1)
    {
        int[] rows =
        [
            .. Enumerable.Range(0, dataset.Rows)
                .Where(row => choice != RowChoice.Complete || !dataset.Keypoints(row).ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                .Where(row => choice != RowChoice.TwoRules || !TwoRules.IsHeldOut(dataset, row)),
        ];
        if (rows.Length == 0)
            throw new InvalidDataException($"{dataset.Manifest.Source} has no row with every keypoint labelled.");
        if (count is int drawn)
            rows = RowDraw.Draw(rows, drawn, seed);
        LabelledRows read = Read(dataset, rows);
        if (choice == RowChoice.MeanFilled)
            FillWithMeans(read.Keypoints, read.Schema.Count * 2);
        if (choice == RowChoice.TwoRules)
            TwoRules.Move(read);
        return read;
    }

    /// <summary>Reads rows as they are.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="rows">Their numbers.</param>
    public static LabelledRows Read(PreparedDataset dataset, IReadOnlyList<int> rows)
    {
        KeypointSchema schema = dataset.Manifest.Schema;
        byte[] images = new byte[rows.Count * schema.FrameSize];
        float[] keypoints = new float[rows.Count * schema.Count * 2];
        for (int i = 0; i < rows.Count; i++)
        {
            dataset.Image(rows[i]).CopyTo(images.AsSpan(i * schema.FrameSize));
            dataset.Keypoints(rows[i]).CopyTo(keypoints.AsSpan(i * schema.Count * 2));
        }

        return new LabelledRows(schema, images, keypoints);
    }

    /// <summary>Replaces each NaN by the mean of its column's numbers. A column without numbers keeps its NaNs.</summary>
    /// <param name="values">Rows one after the other.</param>
    /// <param name="columns">Values per row.</param>
    public static void FillWithMeans(Span<float> values, int columns)
    {
        for (int column = 0; column < columns; column++)
        {
            double sum = 0;
            int count = 0;
            for (int i = column; i < values.Length; i += columns)
            {
                if (float.IsNaN(values[i]))
                    continue;
                sum += values[i];
                count++;
            }

            for (int i = column; i < values.Length; i += columns)
            {
                if (float.IsNaN(values[i]))
                    values[i] = (float)(sum / count);
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count => Images.Length / Schema.FrameSize;

    /// <summary>The first rows.</summary>
    public LabelledRows Take(int count) =>
        new(Schema, Images[..(count * Schema.FrameSize)], Keypoints[..(count * Schema.Count * 2)]);

    /// <summary>Copies the rows to a device, for training.</summary>
    public TrainingData ToTrainingData(Device device) => TrainingData.Create(Schema, Images, Keypoints, device);
}
