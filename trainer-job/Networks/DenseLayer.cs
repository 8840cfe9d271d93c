using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>A fully connected layer with ReLU: every output is a weighted sum over all channels and positions of the input.</summary>
public sealed class DenseLayer : NetworkLayer
{
    private readonly Linear _dense;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Numbers per image in the input.</param>
    /// <param name="outputs">Numbers per image in the output.</param>
    public DenseLayer(int inputs, int outputs)
        : base(nameof(DenseLayer))
    {
        _dense = nn.Linear(inputs, outputs);
        RegisterComponents();
    }

    /// <summary>Maps N×(any sizes) to N×outputs.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sums = nn.functional.linear(
            input.flatten(1), _dense.weight.to_type(input.dtype), _dense.bias!.to_type(input.dtype));
        return sums.relu_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        // As in ConvolutionPoolLayer, no norm follows.
        using IDisposable noGradients = no_grad();
        _dense.weight.normal_(0, Math.Sqrt(2.0 / _dense.weight.shape[1]), random);
        nn.init.zeros_(_dense.bias!);
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.Dense(_dense.weight, _dense.bias!);
}
