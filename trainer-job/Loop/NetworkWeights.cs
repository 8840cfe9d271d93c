using KeypointPipeline.TrainerJob.Networks;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Loop;

/// <summary>The weights and running statistics of two networks of the same kind.</summary>
internal static class NetworkWeights
{
    /// <summary>The networks' tensors in pairs.</summary>
    public static IEnumerable<(Tensor Left, Tensor Right)> Pair(KeypointNetwork left, KeypointNetwork right)
    {
        Dictionary<string, Tensor> rights = right.state_dict();
        return left.state_dict().Select(entry => (entry.Value, rights[entry.Key]));
    }

    /// <summary>Copies one network to another, which may be on another device.</summary>
    public static void Copy(KeypointNetwork from, KeypointNetwork to)
    {
        using IDisposable noGradients = no_grad();
        foreach ((Tensor target, Tensor source) in Pair(to, from))
            target.copy_(source);
    }
}
