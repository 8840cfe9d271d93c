using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Chains layers and keeps track of channels and sizes.</summary>
public sealed class NetworkBuilder
{
    private readonly KeypointSchema _schema;
    private readonly List<NetworkLayer> _layers = [];
    private int _channels = 1;
    private (int Height, int Width) _size;

    /// <summary>Starts with one channel of the schema's frame.</summary>
    public NetworkBuilder(KeypointSchema schema)
        : this(schema, channels: 1, (schema.FrameHeight, schema.FrameWidth))
    {
    }

    private NetworkBuilder(KeypointSchema schema, int channels, (int Height, int Width) size)
    {
        _schema = schema;
        _channels = channels;
        _size = size;
    }

    /// <summary>Adds a <see cref="PatchLayer"/>. It needs one channel, so it can only come first.</summary>
    /// <param name="side">Pixels along a patch's side.</param>
    public NetworkBuilder Patches(int side) => Add(new PatchLayer(side), side * side, side);

    /// <summary>Adds a convolution with batch norm and ReLU.</summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Kernel side, odd.</param>
    /// <param name="stride">1 keeps the size, 2 halves it (rounded up).</param>
    public NetworkBuilder Convolution(int channels, int kernel, int stride) =>
        Add(new ConvolutionLayer(_channels, channels, kernel, stride, relu: true), channels, stride);

    /// <summary>Adds a <see cref="ResidualLayer"/>.</summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="stride">1 keeps the size, 2 halves it (rounded up).</param>
    public NetworkBuilder Residual(int channels, int stride = 1) =>
        Add(new ResidualLayer(_channels, channels, stride), channels, stride);

    /// <summary>Adds a <see cref="ConvolutionPoolLayer"/>. It convolves without padding, unless the input is so small that pooling would
    /// leave nothing.</summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Kernel side.</param>
    public NetworkBuilder ConvolutionPool(int channels, int kernel)
    {
        int padding = Math.Min(_size.Height, _size.Width) > kernel ? 0 : kernel / 2;
        var layer = new ConvolutionPoolLayer(_channels, channels, kernel, padding);
        _layers.Add(layer);
        _channels = channels;
        _size = (layer.SizeAfter(_size.Height), layer.SizeAfter(_size.Width));
        return this;
    }

    /// <summary>Adds a <see cref="DenseLayer"/>.</summary>
    /// <param name="units">Numbers per image in its output.</param>
    public NetworkBuilder Dense(int units)
    {
        _layers.Add(new DenseLayer(_channels * _size.Height * _size.Width, units));
        _channels = units;
        _size = (1, 1);
        return this;
    }

    /// <summary>Ends the chain with a <see cref="CoordinateLayer"/>.</summary>
    /// <param name="name">The network's name.</param>
    public KeypointNetwork Coordinates(string name)
    {
        _layers.Add(new CoordinateLayer(
            _channels * _size.Height * _size.Width, _schema.Count, (_schema.FrameHeight, _schema.FrameWidth)));
        return new KeypointNetwork(name, _schema, _layers, averagesFlips: false);
    }

    /// <summary>Adds a <see cref="PyramidLayer"/>.</summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="addDeeper">Adds the deeper layers, which together halve the size.</param>
    public NetworkBuilder Pyramid(int channels, Action<NetworkBuilder> addDeeper)
    {
        var deeper = new NetworkBuilder(_schema, _channels, _size);
        addDeeper(deeper);
        return Add(new PyramidLayer(_channels, deeper._layers, deeper._channels, channels), channels, stride: 1);
    }

    /// <summary>Ends the chain with a <see cref="LocationLayer"/>.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="averagesFlips">Whether predictions are averaged over the image and its mirror image. Without known mirror pairs
    /// they never are.</param>
    public KeypointNetwork Locate(string name, bool averagesFlips = false)
    {
        _layers.Add(new LocationLayer(_channels, _schema.Count, _size, (_schema.FrameHeight, _schema.FrameWidth)));
        return new KeypointNetwork(name, _schema, _layers, averagesFlips);
    }

    private NetworkBuilder Add(NetworkLayer layer, int channels, int stride)
    {
        _layers.Add(layer);
        _channels = channels;
        _size = ((_size.Height + stride - 1) / stride, (_size.Width + stride - 1) / stride);
        return this;
    }
}
