using KeypointPipeline.Datasets;
using KeypointPipeline.Keypoints;
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

    /// <summary>Copies the chosen rows of the datasets, in order.</summary>
    /// <param name="datasets">Datasets of one schema.</param>
    /// <param name="isChosen">Decides by a row's split key.</param>
    /// <param name="device">The device that receives the rows.</param>
    /// <returns>Null if no row is chosen.</returns>
    /// <exception cref="InvalidDataException">The pixels do not fit into one array (2 GB).</exception>
    internal static TrainingData? Load(IReadOnlyList<PreparedDataset> datasets, Predicate<ulong> isChosen, Device device)
    {
        var chosen = (from dataset in datasets
                      from row in Enumerable.Range(0, dataset.Rows)
                      where isChosen(dataset.SplitKey(row))
                      select (dataset, row)).ToList();
        if (chosen.Count == 0)
            return null;
        KeypointSchema schema = datasets[0].Manifest.Schema;
        if ((long)chosen.Count * schema.FrameSize > Array.MaxLength)
            throw new InvalidDataException($"{chosen.Count:N0} rows of {schema.FrameSize:N0} pixels are more than the trainer can hold (2 GB).");

        byte[] images = new byte[chosen.Count * schema.FrameSize];
        float[] keypoints = new float[chosen.Count * schema.Count * 2];
        for (int i = 0; i < chosen.Count; i++)
        {
            (PreparedDataset dataset, int row) = chosen[i];
            dataset.Image(row).CopyTo(images.AsSpan(i * schema.FrameSize));
            dataset.Keypoints(row).CopyTo(keypoints.AsSpan(i * schema.Count * 2));
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Keypoints.Dispose();
    }
}
