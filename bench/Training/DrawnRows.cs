using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Demo.DrawnFaces;
using KeypointPipeline.TrainerJob.Loop;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Training;

/// <summary>Draws rows of Kaggle's shape: 96×96 pixels of noise and 15 keypoints, all of them labelled or only four. A step takes as
/// long on noise as on faces.</summary>
internal static class DrawnRows
{
    private const int Side = 96;

    /// <summary>The rows' schema.</summary>
    public static KeypointSchema Schema { get; } = new(DrawnFace.KeypointNames, Side, Side);

    /// <summary>Draws rows. The same number gives the same rows.</summary>
    public static TrainingData Draw(int rows, Device device)
    {
        var random = new Random(rows);
        byte[] images = new byte[rows * Schema.FrameSize];
        random.NextBytes(images);
        float[] keypoints = new float[rows * Schema.Count * 2];
        for (int i = 0; i < keypoints.Length; i++)
        {
            (int row, int coordinate) = Math.DivRem(i, Schema.Count * 2);
            bool isLabelled = row % 3 == 0 || coordinate < 8;
            keypoints[i] = isLabelled ? Side * random.NextSingle() : float.NaN;
        }

        return TrainingData.Create(Schema, images, keypoints, device);
    }
}
