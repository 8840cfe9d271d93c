using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>Compares an exported file with the network it was made from. The file runs as in inference: in ONNX Runtime with all
/// optimizations.</summary>
internal static class OnnxParity
{
    /// <summary>The largest allowed difference, frame pixels, of coordinates up to <see cref="ExactCoordinate"/> and of uncertainties up to
    /// <see cref="ExactUncertainty"/>. Beyond these it grows with the value.</summary>
    public const float Tolerance = 0.001f;

    /// <summary>Frame pixels. Larger coordinates occur in large frames, or if noise puts keypoints outside the frame. A float's steps grow
    /// with them.</summary>
    private const float ExactCoordinate = 100;

    /// <summary>Frame pixels. An uncertainty is an exponential, which multiplies the rounding of its logarithm. A network that was hardly
    /// trained expects errors of thousands of pixels on noise.</summary>
    private const float ExactUncertainty = 10;

    private const int CheckedImages = 16;

    /// <summary>Pixels that are predicted at once, so that large frames need no more memory here than in training.</summary>
    private const int PixelsAtOnce = 2_000_000;

    /// <summary>Opens the file, reads its metadata and compares predictions. The images cover all grey values and the whole frame:
    /// noise, slopes, black, white, and one white pixel on black.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">In evaluation mode, on the CPU.</param>
    /// <param name="metadata">The metadata that the file must have.</param>
    /// <exception cref="OnnxParityException">The file cannot be opened, or its metadata or predictions differ.</exception>
    public static void Check(string path, KeypointNetwork network, ModelMetadata metadata)
    {
        using KeypointModel model = Open(path);
        if (model.Metadata != metadata)
            throw new OnnxParityException($"The exported model's metadata is {model.Metadata}; expected {metadata}.");

        byte[] images = Images(network.Schema);
        bool[] unlabelled = [.. Enumerable.Range(0, network.Schema.Count).Select(network.Unlabelled.Contains)];
        int frame = network.Schema.FrameSize;
        foreach (byte[] batch in images.Chunk(frame * Math.Clamp(PixelsAtOnce / frame, 1, CheckedImages)))
        {
            (float[] expected, float[] expectedErrors) = Predict(network, batch);
            float[] actual = new float[expected.Length];
            float[] actualErrors = new float[expectedErrors.Length];
            model.Predict(batch, batch.Length / frame, actual, actualErrors);
            Compare("keypoints", expected, actual, ExactCoordinate, i => unlabelled[i / 2 % unlabelled.Length]);
            Compare("uncertainty", expectedErrors, actualErrors, ExactUncertainty, i => unlabelled[i % unlabelled.Length]);
        }
    }

    private static void Compare(string output, float[] expected, float[] actual, float exact, Func<int, bool> isUnlabelled)
    {
        if (expected.Length == 0)
            return;
        int worst = Enumerable.Range(0, expected.Length).MaxBy(DifferenceAt);
        if (DifferenceAt(worst) > 1)
        {
            throw new OnnxParityException(
                $"The exported model and the network differ: {output}[{worst}] is {actual[worst]} instead of {expected[worst]} px, and "
                + $"{Allowed(expected[worst]):0.######} px are allowed. The file was not kept.");
        }

        float DifferenceAt(int i) => isUnlabelled(i) && float.IsNaN(expected[i]) && float.IsNaN(actual[i]) ? 0 : Difference(expected[i], actual[i]);

        // By what is allowed; infinite if either is not a number.
        float Difference(float wanted, float got) =>
            Math.Abs(wanted - got) / Allowed(wanted) is var difference && float.IsNaN(difference) ? float.PositiveInfinity : difference;

        float Allowed(float wanted) => Tolerance * Math.Max(1, Math.Abs(wanted) / exact);
    }

    /// <summary>The network's predictions for a batch, frame pixels: N·K·2 coordinates, and N·K expected errors if the network estimates them.</summary>
    public static (float[] Keypoints, float[] Errors) Predict(KeypointNetwork network, byte[] images)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        KeypointSchema schema = network.Schema;
        Tensor batch = tensor(images).reshape(images.Length / schema.FrameSize, schema.FrameHeight, schema.FrameWidth);
        Tensor predicted = network.Predict(batch);
        return (predicted.narrow(2, 0, 2).ToFloats(), predicted.shape[2] == 3 ? predicted.select(2, 2).ToFloats() : []);
    }

    private static KeypointModel Open(string path)
    {
        try
        {
            return KeypointModel.Open(path);
        }
        catch (InvalidDataException e)
        {
            throw new OnnxParityException($"The exported model cannot be opened again: {e.Message}", e);
        }
    }

    private static byte[] Images(KeypointSchema schema)
    {
        var random = new Random(1);
        byte[] images = new byte[CheckedImages * schema.FrameSize];
        random.NextBytes(images);
        Span<byte> Image(int i) => images.AsSpan(i * schema.FrameSize, schema.FrameSize);
        Image(0).Clear();
        Image(1).Fill(byte.MaxValue);
        Image(2).Clear();
        Image(2)[schema.FrameSize / 3] = byte.MaxValue;
        for (int i = 3; i < CheckedImages / 2; i++)
            Slope(Image(i), schema, random.NextDouble() * 2 * Math.PI);
        return images;
    }

    /// <summary>Draws a slope from black to white across the whole frame.</summary>
    private static void Slope(Span<byte> image, KeypointSchema schema, double direction)
    {
        (double sin, double cos) = Math.SinCos(direction);
        for (int i = 0; i < image.Length; i++)
        {
            double x = ((i % schema.FrameWidth) + 0.5) / schema.FrameWidth - 0.5;
            double y = ((i / schema.FrameWidth) + 0.5) / schema.FrameHeight - 0.5;
            image[i] = (byte)(255 * Math.Clamp(0.5 + (x * cos) + (y * sin), 0, 1));
        }
    }
}
