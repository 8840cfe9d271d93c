using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Loop;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Training;

/// <summary>Rows of Kaggle's shape: 96×96 pixels of noise and 15 keypoints, of which rows leave out all but four or none. A step takes
/// as long on noise as on faces.</summary>
internal static class DrawnRows
{
    private const int Side = 96;

    private static readonly string[] Names =
    [
        "left_eye_center", "right_eye_center", "nose_tip", "mouth_center_bottom_lip", "mouth_center_top_lip", "mouth_left_corner",
        "mouth_right_corner", "left_eye_inner_corner", "left_eye_outer_corner", "right_eye_inner_corner", "right_eye_outer_corner",
        "left_eyebrow_inner_end", "left_eyebrow_outer_end", "right_eyebrow_inner_end", "right_eyebrow_outer_end",
    ];

    /// <summary>Their schema.</summary>
    public static KeypointSchema Schema { get; } = new(Names, Side, Side);

    /// <summary>Draws some; the same number gives the same rows.</summary>
    public static TrainingData Draw(int rows, Device device)
    {
        var random = new Random(rows);
        byte[] images = new byte[rows * Schema.FrameSize];
        random.NextBytes(images);
        float[] keypoints = new float[rows * Names.Length * 2];
        for (int i = 0; i < keypoints.Length; i++)
        {
            (int row, int coordinate) = Math.DivRem(i, Names.Length * 2);
            bool isLabelled = row % 3 == 0 || coordinate < 8;
            keypoints[i] = isLabelled ? Side * random.NextSingle() : float.NaN;
        }

        return TrainingData.Create(Schema, images, keypoints, device);
    }
}
