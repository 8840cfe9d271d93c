using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

/// <summary>Networks whose batch norms have seen images: scales, shifts and running statistics far from those of a fresh network.</summary>
internal static class SettledNetwork
{
    /// <summary>Of the last layer's weights: votes differ and offsets are about a cell, as in a trained network; much more would
    /// throw keypoints thousands of pixels out of the frame, where a float's own steps are as large as what is compared.</summary>
    private const double MapSpread = 0.04;

    /// <summary>In evaluation mode. Its numbers come from <paramref name="seed"/> alone, never from torch's shared generator.</summary>
    public static KeypointNetwork Create(string networkName, KeypointSchema schema, int seed)
    {
        KeypointNetwork network = NetworkRegistry.Create(networkName, schema);
        var random = new Random(seed);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            (double mean, double spread) = name switch
            {
                _ when parameter.dim() == 4 && name.Contains("maps", StringComparison.Ordinal) => (0, MapSpread),
                _ when parameter.dim() == 4 => (0, Math.Sqrt(2.0 / (parameter.shape[1] * parameter.shape[2] * parameter.shape[3]))),
                _ when parameter.dim() == 2 => (0, Math.Sqrt(1.0 / parameter.shape[1])),
                _ when name.EndsWith("_norm.weight", StringComparison.Ordinal) => (0.8, 0.3),
                _ => (0, 0.3),
            };
            float[] values = [.. Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)(mean + (spread * Normal(random))))];
            parameter.copy_(tensor(values).reshape(parameter.shape));
        }

        network.train();
        for (int batch = 0; batch < 10; batch++)
            network.forward(OnnxTestImages.ToTensor(OnnxTestImages.Mixed(12, schema, seed + batch), schema));
        network.eval();
        return network;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
