using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Training;

/// <summary>Runs only the convolutions of a training step, forward and backward, on random numbers: no normalization, no loss, no
/// optimizer, no images to prepare. This is the least that a step can cost with this library on this machine.</summary>
internal sealed class BareConvolutions : IDisposable
{
    private readonly List<(ConvolutionShape Shape, Tensor Input, Tensor Weight, Tensor Gradient)> _layers = [];

    /// <summary>Creates all inputs, with the channels last in memory, the layout of the fastest convolutions.</summary>
    /// <param name="shapes">The convolutions. The first one's input, the images, gets no gradient.</param>
    /// <param name="images">Batch size.</param>
    /// <param name="precision">The type that they compute in.</param>
    /// <param name="device">The device that they run on.</param>
    public BareConvolutions(IReadOnlyList<ConvolutionShape> shapes, int images, ScalarType precision, Device device)
    {
        foreach (ConvolutionShape shape in shapes)
        {
            (int height, int width) = shape.OutputSize;
            _layers.Add((
                shape,
                ChannelsLast(images, shape.Height, shape.Width, shape.Inputs, precision, device).requires_grad_(_layers.Count > 0),
                ChannelsLast(shape.Outputs, shape.Kernel, shape.Kernel, shape.Inputs, precision, device).requires_grad_(),
                ChannelsLast(images, height, width, shape.Outputs, precision, device)));
        }
    }

    /// <summary>Runs one step.</summary>
    public void Run()
    {
        foreach ((ConvolutionShape shape, Tensor input, Tensor weight, Tensor gradient) in _layers)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor output = nn.functional.conv2d(
                input, weight, strides: [shape.Stride, shape.Stride], padding: [shape.Padding, shape.Padding]);
            autograd.grad([output], input.requires_grad ? [weight, input] : [weight], [gradient]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor input, Tensor weight, Tensor gradient) in _layers)
        {
            input.Dispose();
            weight.Dispose();
            gradient.Dispose();
        }
    }

    private static Tensor ChannelsLast(int count, int height, int width, int channels, ScalarType precision, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        return randn(count, height, width, channels).to_type(precision).to(device).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
