using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Convolution with bias, ReLU and 2×2 max pooling. Pooling drops a last odd row or column.</summary>
public sealed class ConvolutionPoolLayer : NetworkLayer
{
    /// <summary>Side of the pooled squares, and the step between them.</summary>
    public const int Pool = 2;

    private readonly Conv2d _convolution;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Kernel side.</param>
    /// <param name="padding">Zeros added on every side of the input.</param>
    public ConvolutionPoolLayer(int inputs, int outputs, int kernel, int padding)
        : base(nameof(ConvolutionPoolLayer))
    {
        Padding = padding;
        _convolution = nn.Conv2d(inputs, outputs, kernel, padding: padding);
        RegisterComponents();
    }

    /// <summary>Zeros added on every side.</summary>
    public int Padding { get; }

    /// <summary>Outputs × inputs × kernel × kernel.</summary>
    public Tensor Weight => _convolution.weight;

    /// <summary>One per output.</summary>
    public Tensor Bias => _convolution.bias!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor convolved = nn.functional.conv2d(
            input, Weight.to_type(input.dtype), Bias.to_type(input.dtype), padding: [Padding, Padding]);
        return nn.functional.max_pool2d(convolved.relu_(), Pool, Pool).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        // He et al., "Delving Deep into Rectifiers", 2015, equation 10: without a norm, initialization must preserve the values' variance.
        long fanIn = Weight.shape[1] * Weight.shape[2] * Weight.shape[3];
        using IDisposable noGradients = no_grad();
        Weight.normal_(0, Math.Sqrt(2.0 / fanIn), random);
        nn.init.zeros_(Bias);
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.ConvolutionPool(this);

    /// <summary>Height or width of the output.</summary>
    /// <param name="size">Height or width of the input.</param>
    internal int SizeAfter(int size) => (size + (2 * Padding) - (int)Weight.shape[2] + 1) / Pool;
}
