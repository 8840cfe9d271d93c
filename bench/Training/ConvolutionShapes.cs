using KeypointPipeline.TrainerJob.Networks;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Training;

/// <summary>Lists the convolutions of a network's training pass, in order. A dense layer counts as a convolution whose kernel is as
/// large as its input.</summary>
internal sealed class ConvolutionShapes : INetworkVisitor
{
    private readonly List<ConvolutionShape> _shapes = [];
    private int _channels = 1;
    private int _height;
    private int _width;

    private ConvolutionShapes(int height, int width)
    {
        _height = height;
        _width = width;
    }

    /// <summary>Lists a network's convolutions.</summary>
    public static IReadOnlyList<ConvolutionShape> Of(KeypointNetwork network)
    {
        var visitor = new ConvolutionShapes(network.Schema.FrameHeight, network.Schema.FrameWidth);
        network.Accept(visitor);
        return visitor._shapes;
    }

    /// <inheritdoc/>
    public void Standardize(float epsilon)
    {
    }

    /// <inheritdoc/>
    public void AddMirrored()
    {
        // Only predictions look at the mirror image: training sees each image once.
    }

    /// <inheritdoc/>
    public void Patches(int side)
    {
        _channels *= side * side;
        _height = (_height + side - 1) / side;
        _width = (_width + side - 1) / side;
    }

    /// <inheritdoc/>
    public void Pyramid(IReadOnlyList<NetworkLayer> deep, ConvolutionLayer lateral, ConvolutionLayer top, ConvolutionLayer merge)
    {
        (int channels, int height, int width) = (_channels, _height, _width);
        foreach (NetworkLayer layer in deep)
            layer.Accept(this);
        Convolution(top);
        (_channels, _height, _width) = (channels, height, width);
        Convolution(lateral);
        Convolution(merge);
    }

    /// <inheritdoc/>
    public void Convolution(ConvolutionLayer layer) => Add(layer.Weight, layer.Stride, layer.Padding);

    /// <inheritdoc/>
    public void Residual(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer? shortcut)
    {
        (int channels, int height, int width) = (_channels, _height, _width);
        if (shortcut is not null)
            Convolution(shortcut);
        (_channels, _height, _width) = (channels, height, width);
        Convolution(first);
        Convolution(second);
    }

    /// <inheritdoc/>
    public void ConvolutionPool(ConvolutionPoolLayer layer)
    {
        Add(layer.Weight, stride: 1, layer.Padding);
        _height /= ConvolutionPoolLayer.Pool;
        _width /= ConvolutionPoolLayer.Pool;
    }

    /// <inheritdoc/>
    public void Dense(Tensor weight, Tensor bias) => AddDense(weight);

    /// <inheritdoc/>
    public void Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame) => AddDense(weight);

    /// <inheritdoc/>
    public void Locate(Tensor weight, Tensor bias, Tensor errorWeight, Tensor errorBias, Tensor centres, Tensor cell)
    {
        (int channels, int height, int width) = (_channels, _height, _width);
        Add(errorWeight, stride: 1, padding: 0);
        (_channels, _height, _width) = (channels, height, width);
        Add(weight, stride: 1, padding: 0);
    }

    /// <inheritdoc/>
    public void Finish(Tensor offset, Tensor errorScale)
    {
    }

    private void Add(Tensor weight, int stride, int padding)
    {
        var shape = new ConvolutionShape(_channels, _height, _width, (int)weight.shape[0], (int)weight.shape[2], stride, padding);
        _shapes.Add(shape);
        _channels = shape.Outputs;
        (_height, _width) = shape.OutputSize;
    }

    private void AddDense(Tensor weight)
    {
        _shapes.Add(new ConvolutionShape(_channels * _height * _width, 1, 1, (int)weight.shape[0], Kernel: 1, Stride: 1, Padding: 0));
        (_channels, _height, _width) = ((int)weight.shape[0], 1, 1);
    }
}
