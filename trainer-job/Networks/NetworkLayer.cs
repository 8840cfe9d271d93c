using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>One step of a <see cref="KeypointNetwork"/>: can be trained, and can say what it computes.</summary>
public abstract class NetworkLayer : nn.Module<Tensor, Tensor>
{
    /// <summary>Names the layer.</summary>
    protected NetworkLayer(string name)
        : base(name)
    {
    }

    /// <summary>Draws fresh weights.</summary>
    /// <param name="random">Where chance comes from; torch's default generator is shared by the whole process.</param>
    internal abstract void Initialize(Generator random);

    /// <summary>Makes the one call of <paramref name="visitor"/> that says what this layer computes.</summary>
    public abstract void Accept(INetworkVisitor visitor);
}
