using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>One trainable step of a <see cref="KeypointNetwork"/>, which can describe its computation to an exporter.</summary>
public abstract class NetworkLayer : nn.Module<Tensor, Tensor>
{
    /// <summary>Names the layer.</summary>
    protected NetworkLayer(string name)
        : base(name)
    {
    }

    /// <summary>Draws fresh weights.</summary>
    /// <param name="random">The generator of random numbers. Torch's default generator is shared by the whole process.</param>
    internal abstract void Initialize(Generator random);

    /// <summary>Calls the method of <paramref name="visitor"/> that describes this layer.</summary>
    public abstract void Accept(INetworkVisitor visitor);
}
