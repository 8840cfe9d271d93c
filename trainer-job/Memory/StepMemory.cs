using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Memory;

/// <summary>Counts, for one image, the numbers that a network keeps between the forward and the backward pass, and its weights. It walks the
/// layers of a network for a small frame and works out their sizes for the real frame: building the real network may take gigabytes.</summary>
/// <remarks>A layer keeps what its gradient needs: a convolution its output (the norm's input) and the norm's output, a sum its result, max
/// pooling its input, its output and an index for each output. The peak is the largest of two: everything that is kept, with the buffers of
/// the layer that computes; or, going back, what is kept up to a layer, with the gradients of its input and output. Every number counts four bytes.</remarks>
internal sealed class StepMemory : INetworkVisitor
{
    /// <summary>Side of the small frame. The networks' layers are the same from this size on.</summary>
    private const int ProbeSide = 96;

    private const int IndexBytes = 8;
    private const int FloatBytes = 4;

    private readonly int _keypoints;
    private long _channels = 1;
    private long _height;
    private long _width;
    private long _outputs;
    private long _inner;

    private StepMemory(KeypointSchema schema)
    {
        _keypoints = schema.Count;
        (_height, _width) = (schema.FrameHeight, schema.FrameWidth);
    }

    /// <summary>Trainable numbers.</summary>
    public long Parameters { get; private set; }

    /// <summary>Bytes that one image keeps for the backward pass.</summary>
    public long Kept { get; private set; }

    /// <summary>Bytes of one image at the peak of a step.</summary>
    public long Peak { get; private set; }

    /// <summary>Numbers of one image at the peak of a prediction: the outputs of all layers, and what the largest layer needs inside.</summary>
    public long Predicting => _outputs + _inner;

    /// <summary>Whether predictions look at the mirror image too.</summary>
    public bool Mirrors { get; private set; }

    /// <summary>Walks a network.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="schema">Keypoints and frame.</param>
    public static StepMemory Of(string network, KeypointSchema schema)
    {
        var probe = new KeypointSchema(schema.Names, Math.Min(ProbeSide, schema.FrameWidth), Math.Min(ProbeSide, schema.FrameHeight));
        using KeypointNetwork small = NetworkRegistry.Create(network, probe.WithMirror(schema.Mirror));
        var memory = new StepMemory(schema);
        small.Accept(memory);
        return memory;
    }

    void INetworkVisitor.Standardize(float epsilon)
    {
        // Counted with the images.
    }

    void INetworkVisitor.AddMirrored() => Mirrors = true;

    void INetworkVisitor.Patches(int side)
    {
        (_channels, _height, _width) = (_channels * side * side, (_height + side - 1) / side, (_width + side - 1) / side);
        Keep(FloatBytes * Size);
        EndLayer();
    }

    void INetworkVisitor.Pyramid(IReadOnlyList<NetworkLayer> deep, ConvolutionLayer lateral, ConvolutionLayer top, ConvolutionLayer merge)
    {
        (long channels, long height, long width) = (_channels, _height, _width);
        foreach (NetworkLayer layer in deep)
            layer.Accept(this);
        Add(top);
        (_height, _width) = (height, width);
        Keep(FloatBytes * Size); // after upsampling
        (_channels, _height, _width) = (channels, height, width);
        Add(lateral);
        Keep(FloatBytes * Size); // the sum
        Add(merge);
        EndLayer();
    }

    void INetworkVisitor.Convolution(ConvolutionLayer layer)
    {
        Add(layer);
        EndLayer();
    }

    void INetworkVisitor.Residual(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer? shortcut)
    {
        (long channels, long height, long width) = (_channels, _height, _width);
        if (shortcut is not null)
            Add(shortcut, keepsNorm: false);
        (_channels, _height, _width) = (channels, height, width);
        Add(first);
        Add(second, keepsNorm: false);
        Keep(FloatBytes * Size); // the sum
        _inner = Math.Max(_inner, 4 * Size);
        EndLayer();
    }

    void INetworkVisitor.ConvolutionPool(ConvolutionPoolLayer layer)
    {
        Convolve(layer.Weight, stride: 1, layer.Padding, kept: 1, others: layer.Bias.numel());
        (_height, _width) = (_height / ConvolutionPoolLayer.Pool, _width / ConvolutionPoolLayer.Pool);
        Keep((IndexBytes + FloatBytes) * Size);
        EndLayer();
    }

    void INetworkVisitor.Dense(Tensor weight, Tensor bias) => Multiply(weight.shape[0]);

    void INetworkVisitor.Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame) => Multiply(weight.shape[0]);

    void INetworkVisitor.Locate(Tensor weight, Tensor bias, Tensor errorWeight, Tensor errorBias, Tensor centres, Tensor cell)
    {
        // Features, maps, their softmax, places and their products, all float32: 12 numbers for each keypoint and cell.
        long cells = _height * _width;
        Parameters += weight.numel() + bias.numel() + errorWeight.numel() + errorBias.numel();
        Keep(FloatBytes * cells * (_channels + (12L * _keypoints)));
        Reach(Kept + (FloatBytes * cells * (_channels + (8L * _keypoints))));
        _inner = Math.Max(_inner, cells * (_channels + (12L * _keypoints)));
    }

    void INetworkVisitor.Finish(Tensor offset, Tensor errorScale)
    {
        // A few numbers for each keypoint.
    }

    private long Size => _channels * _height * _width;

    private void Add(ConvolutionLayer layer, bool keepsNorm = true) =>
        Convolve(layer.Weight, layer.Stride, layer.Padding, kept: keepsNorm ? 2 : 1, others: 2 * layer.Weight.shape[0]);

    private void Convolve(Tensor weight, int stride, int padding, int kept, long others)
    {
        long input = Size;
        long kernel = weight.shape[2];
        Parameters += weight.numel() + others;
        _channels = weight.shape[0];
        _height = Math.Max(1, ((_height + (2 * padding) - kernel) / stride) + 1);
        _width = Math.Max(1, ((_width + (2 * padding) - kernel) / stride) + 1);
        Reach(Kept + (FloatBytes * (input + (3 * Size))));
        Keep(kept * FloatBytes * Size);
        Reach(Kept + (FloatBytes * ((2 * input) + (3 * Size)))); // gradients of input and output, and copies in the layout of the convolution
        _inner = Math.Max(_inner, 2 * Size);
    }

    private void Multiply(long outputs)
    {
        Parameters += (Size + 1) * outputs;
        (_channels, _height, _width) = (outputs, 1, 1);
        Keep(FloatBytes * outputs);
        EndLayer();
    }

    private void Keep(long bytes)
    {
        Kept += bytes;
        Reach(Kept);
    }

    private void Reach(long bytes) => Peak = Math.Max(Peak, bytes);

    private void EndLayer() => _outputs += Size;
}
