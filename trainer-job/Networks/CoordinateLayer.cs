using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Direct regression: every coordinate is a weighted sum over the whole input. The unit is half a frame, measured from the
/// frame's centre: −1…1 spans the frame, and training starts near 0.</summary>
public sealed class CoordinateLayer : NetworkLayer
{
    private readonly Linear _dense;
    private readonly Tensor _centre;
    private readonly Tensor _halfFrame;
    private readonly int _keypoints;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">Numbers per image.</param>
    /// <param name="keypoints">K.</param>
    /// <param name="frame">Height and width of the frame, in pixels.</param>
    public CoordinateLayer(int inputs, int keypoints, (int Height, int Width) frame)
        : base(nameof(CoordinateLayer))
    {
        _keypoints = keypoints;
        _dense = nn.Linear(inputs, 2 * keypoints);
        _centre = tensor([(frame.Width - 1) / 2f, (frame.Height - 1) / 2f]); // pixel centres are at integers
        _halfFrame = tensor([frame.Width / 2f, frame.Height / 2f]);
        RegisterComponents(); // also registers the tensors, so that they move with the layer to another device
    }

    /// <summary>Maps N×(any sizes) to float32 N×K×2, frame pixels (x, y).</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor halfFrames = _dense.forward(input.to_type(ScalarType.Float32).flatten(1)).reshape(-1, _keypoints, 2);
        return ((halfFrames * _halfFrame) + _centre).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        // A tenth of the scale that preserves the variance, so that all keypoints start near the centre.
        using IDisposable noGradients = no_grad();
        _dense.weight.normal_(0, 0.1 * Math.Sqrt(1.0 / _dense.weight.shape[1]), random);
        nn.init.zeros_(_dense.bias!);
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.Coordinates(_dense.weight, _dense.bias!, _centre, _halfFrame);
}
