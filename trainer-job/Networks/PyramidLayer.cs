using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Runs deeper layers on its input at half the resolution, where they see more of the image, and adds their features to the
/// input's. The output has the input's resolution (Lin et al., "Feature Pyramid Networks", 2016, figure 3).</summary>
/// <remarks>out = merge(relu(lateral(x) + upsample(top(deep(x))))), with upsampling by repetition.</remarks>
public sealed class PyramidLayer : NetworkLayer
{
    private readonly ModuleList<NetworkLayer> _deep;
    private readonly ConvolutionLayer _lateral;
    private readonly ConvolutionLayer _top;
    private readonly ConvolutionLayer _merge;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="deep">The deeper layers; together they halve the resolution (rounded up).</param>
    /// <param name="deepOutputs">Output channels of the deeper layers.</param>
    /// <param name="outputs">Output channels.</param>
    public PyramidLayer(int inputs, IEnumerable<NetworkLayer> deep, int deepOutputs, int outputs)
        : base(nameof(PyramidLayer))
    {
        _deep = nn.ModuleList(deep.ToArray());
        _lateral = new ConvolutionLayer(inputs, outputs, kernel: 1, stride: 1, relu: false);
        _top = new ConvolutionLayer(deepOutputs, outputs, kernel: 1, stride: 1, relu: false);
        _merge = new ConvolutionLayer(outputs, outputs, kernel: 3, stride: 1, relu: true);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor deep = _deep.Aggregate(input, (features, layer) => layer.forward(features));
        Tensor seen = nn.functional.interpolate(
            _top.forward(deep), [input.shape[2], input.shape[3]], mode: InterpolationMode.Nearest);
        return _merge.forward(_lateral.forward(input).add(seen).relu_()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        foreach (NetworkLayer layer in _deep)
            layer.Initialize(random);
        _lateral.Initialize(random);
        _top.Initialize(random);
        _merge.Initialize(random);
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.Pyramid([.. _deep], _lateral, _top, _merge);
}
