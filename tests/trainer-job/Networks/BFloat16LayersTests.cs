using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Networks;

/// <summary>The plain network's layers where training computes in bfloat16: weights stay float32, and so do keypoints.</summary>
public sealed class BFloat16LayersTests
{
    [Fact]
    public void Features_keep_their_type_and_keypoints_come_out_as_floats()
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkLayer[] layers =
        [
            new ConvolutionPoolLayer(inputs: 1, outputs: 4, kernel: 3, padding: 0),
            new DenseLayer(inputs: 4 * 7 * 7, outputs: 10),
            new CoordinateLayer(inputs: 10, keypoints: 3, frame: (16, 16)),
        ];
        using var random = new Generator(1);
        Tensor images = rand([2, 1, 16, 16], ScalarType.BFloat16, generator: random);
        foreach (NetworkLayer layer in layers)
            layer.Initialize(random);

        Tensor pooled = layers[0].forward(images);
        Tensor dense = layers[1].forward(pooled);
        Tensor keypoints = layers[2].forward(dense);
        keypoints.sum().backward();

        Assert.Equal([ScalarType.BFloat16, ScalarType.BFloat16, ScalarType.Float32], [pooled.dtype, dense.dtype, keypoints.dtype]);
        foreach (Parameter parameter in layers.SelectMany(layer => layer.parameters()))
        {
            Assert.Equal(ScalarType.Float32, parameter.grad!.dtype);
            Assert.True(parameter.grad!.abs().sum().item<float>() > 0);
        }
    }
}
