using KeypointPipeline.Datasets;
using KeypointPipeline.Finding;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Splits;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>Rows to train or validate on, all in the device's memory. At one byte per pixel, Kaggle's 7,049 rows take 65 MB.</summary>
public sealed class TrainingData : IDisposable
{
    private TrainingData(KeypointSchema schema, Device device, Tensor images, Tensor keypoints)
    {
        Schema = schema;
        Device = device;
        Images = images;
        Keypoints = keypoints;
    }

    /// <summary>Keypoints and frame.</summary>
    public KeypointSchema Schema { get; }

    /// <summary>The device that holds the rows and computes the training.</summary>
    public Device Device { get; }

    /// <summary>N×H×W grey bytes.</summary>
    public Tensor Images { get; }

    /// <summary>N×K×2 float32 (x, y), frame pixels; NaN = missing.</summary>
    public Tensor Keypoints { get; }

    /// <summary>Number of rows, N, at least 1.</summary>
    public int Rows => (int)Images.shape[0];

    /// <summary>Copies the chosen rows, in order.</summary>
    /// <param name="rows">The datasets in the schema of the training.</param>
    /// <param name="chosen">The rows to copy.</param>
    /// <param name="device">The device that receives the rows.</param>
    /// <returns>Null if no row is chosen.</returns>
    /// <exception cref="InvalidDataException">The pixels do not fit into one array (2 GB).</exception>
    internal static TrainingData? Load(SchemaRows rows, IEnumerable<PlannedRow> chosen, Device device)
    {
        PlannedRow[] all = [.. chosen];
        if (all.Length == 0)
            return null;
        KeypointSchema schema = rows.Schema;
        if ((long)all.Length * schema.FrameSize > Array.MaxLength)
            throw new InvalidDataException($"{all.Length:N0} rows of {schema.FrameSize:N0} pixels are more than the trainer can hold (2 GB).");

        byte[] images = new byte[all.Length * schema.FrameSize];
        float[] keypoints = new float[all.Length * schema.Count * 2];
        for (int i = 0; i < all.Length; i++)
        {
            rows.CopyImage(all[i].Dataset, all[i].Row, images.AsSpan(i * schema.FrameSize, schema.FrameSize));
            rows.CopyKeypoints(all[i].Dataset, all[i].Row, keypoints.AsSpan(i * schema.Count * 2, schema.Count * 2));
        }

        return Create(schema, images, keypoints, device);
    }

    /// <summary>Creates rows from arrays.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="images">N·H·W grey bytes.</param>
    /// <param name="keypoints">N·K·2 (x, y), frame pixels; NaN = missing.</param>
    /// <param name="device">The device that receives the rows.</param>
    internal static TrainingData Create(KeypointSchema schema, byte[] images, float[] keypoints, Device device) => new(
        schema,
        device,
        tensor(images, ScalarType.Byte).reshape(-1, schema.FrameHeight, schema.FrameWidth).to(device),
        tensor(keypoints).reshape(-1, schema.Count, 2).to(device));

    /// <summary>Finds where eyes and mouth lie in the frames.</summary>
    public FaceAnchors? FindFace()
    {
        using Tensor rows = Keypoints.cpu();
        return FaceAnchors.Mean(Schema, rows.data<float>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Keypoints.Dispose();
    }
}
