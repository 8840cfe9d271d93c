using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Two 3×3 convolutions and a shortcut around them (He et al., "Deep Residual Learning", 2015, figure 5 left).</summary>
public sealed class ResidualLayer : NetworkLayer
{
    private readonly ConvolutionLayer _first;
    private readonly ConvolutionLayer _second;
    private readonly ConvolutionLayer? _shortcut;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="stride">1 or 2.</param>
    public ResidualLayer(int inputs, int outputs, int stride)
        : base(nameof(ResidualLayer))
    {
        _first = new ConvolutionLayer(inputs, outputs, kernel: 3, stride, relu: true);
        _second = new ConvolutionLayer(outputs, outputs, kernel: 3, stride: 1, relu: false);
        if (inputs != outputs || stride != 1)
            _shortcut = new ConvolutionLayer(inputs, outputs, kernel: 1, stride, relu: false);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor first = _first.forward(input);
        using Tensor second = _second.forward(first);
        if (_shortcut is null)
            return second.add(input).relu_();
        using Tensor shortcut = _shortcut.forward(input);
        return second.add(shortcut).relu_();
    }

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        _first.Initialize(random);
        _second.Initialize(random);
        _shortcut?.Initialize(random);
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.Residual(_first, _second, _shortcut);
}
