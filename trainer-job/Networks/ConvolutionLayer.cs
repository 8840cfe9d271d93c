using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Convolution without bias, batch norm, and optionally ReLU. It pads with zeros by half the kernel, so the output's size is
/// the input's divided by the stride, rounded up.</summary>
public sealed class ConvolutionLayer : NetworkLayer
{
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d _norm;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Kernel side, odd.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="relu">Whether ReLU follows.</param>
    public ConvolutionLayer(int inputs, int outputs, int kernel, int stride, bool relu)
        : base(nameof(ConvolutionLayer))
    {
        Stride = stride;
        Padding = kernel / 2;
        HasRelu = relu;
        _convolution = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: Padding, bias: false);
        _norm = nn.BatchNorm2d(outputs);
        RegisterComponents();
    }

    /// <summary>Steps between outputs, both directions.</summary>
    public int Stride { get; }

    /// <summary>Zeros added on every side.</summary>
    public int Padding { get; }

    /// <summary>Whether ReLU follows the norm.</summary>
    public bool HasRelu { get; }

    /// <summary>Outputs × inputs × kernel × kernel.</summary>
    public Tensor Weight => _convolution.weight;

    /// <summary>The norm: weight, bias, running mean, running variance and eps.</summary>
    public BatchNorm2d Norm => _norm;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor weight = Weight.to_type(input.dtype); // stored as float32; see KeypointNetwork.TrainingType
        using Tensor convolved = nn.functional.conv2d(input, weight, strides: [Stride, Stride], padding: [Padding, Padding]);
        Tensor normed = _norm.forward(convolved);
        return HasRelu ? normed.relu_() : normed;
    }

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        // He et al., "Delving Deep into Rectifiers", 2015, equation 14: preserves the gradient's variance through the ReLU.
        long fanOut = Weight.shape[0] * Weight.shape[2] * Weight.shape[3];
        using IDisposable noGradients = no_grad();
        Weight.normal_(0, Math.Sqrt(2.0 / fanOut), random);
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.Convolution(this);
}
