using KeypointPipeline.TrainerJob.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>An exponential moving average of a network's weights and running statistics, kept as a separate network. It is steadier
/// and more accurate than the weights of any one step (Polyak averaging).</summary>
public sealed class WeightAverage : IDisposable
{
    private readonly (Tensor Average, Tensor Source)[] _pairs;

    /// <summary>Starts at the network's current weights.</summary>
    /// <param name="source">The network that is trained.</param>
    /// <param name="device">The device of the network and of its average.</param>
    public WeightAverage(KeypointNetwork source, Device device)
    {
        Network = NetworkRegistry.Create(source.NetworkName, source.Schema).to(device);
        Network.eval();
        _pairs = [.. NetworkWeights.Pair(Network, source).Where(pair => pair.Left.is_floating_point())];
        NetworkWeights.Copy(source, Network);
    }

    /// <summary>The averaged network, in evaluation mode.</summary>
    public KeypointNetwork Network { get; }

    /// <summary>Moves the average towards the source.</summary>
    /// <param name="decay">Share of the average that stays.</param>
    public void Update(double decay)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        foreach ((Tensor average, Tensor source) in _pairs)
            average.lerp_(source, 1 - decay);
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
