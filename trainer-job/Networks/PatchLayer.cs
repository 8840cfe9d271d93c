using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Cuts one-channel images into square patches. The pixels of a patch become the channels of one cell, so the resolution
/// drops but no information is lost. A convolution that follows does in one dense step what a wide one on a single channel does slowly.</summary>
/// <remarks>The output is channels-last in memory, the layout in which convolutions are fastest. They keep it.</remarks>
public sealed class PatchLayer : NetworkLayer
{
    private readonly int _side;

    /// <summary>Creates the layer.</summary>
    /// <param name="side">Pixels along a patch's side.</param>
    public PatchLayer(int side)
        : base(nameof(PatchLayer))
    {
        _side = side;
    }

    /// <summary>Maps N×1×H×W to N×side²×⌈H/side⌉×⌈W/side⌉, padded with zeros on the right and at the bottom. Channel y·side + x is
    /// pixel (x, y) of the patch.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        (long right, long bottom) = Missing(input.shape[3], input.shape[2], _side);
        Tensor whole = right + bottom == 0 ? input : nn.functional.pad(input, [0, right, 0, bottom]);
        long rows = whole.shape[2] / _side;
        long columns = whole.shape[3] / _side;
        return whole.reshape(-1, rows, _side, columns, _side)
            .permute(0, 1, 3, 2, 4)
            .reshape(-1, rows, columns, _side * _side)
            .permute(0, 3, 1, 2)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Pixels to add on the right and at the bottom, so that whole patches cover the image.</summary>
    internal static (long Right, long Bottom) Missing(long width, long height, long side) =>
        ((side - (width % side)) % side, (side - (height % side)) % side);

    /// <inheritdoc/>
    internal override void Initialize(Generator random)
    {
        // Nothing to learn.
    }

    /// <inheritdoc/>
    public override void Accept(INetworkVisitor visitor) => visitor.Patches(_side);
}
