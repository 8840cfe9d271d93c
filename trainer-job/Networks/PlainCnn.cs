using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>For comparison: the plain network that early work on Kaggle's facial keypoints used, without shortcuts or norms.</summary>
/// <remarks>Convolutions, pooling (96×96 → 47×47 → 23×23 → 11×11) and targets in half frames are those of D. Nouri's tutorial of 2014
/// (github.com/dnouri/kfkd-tutorial, kfkd.py). That network has dropout and two hidden layers of 1,000 units. This one has a single layer
/// of 500 units and no dropout.</remarks>
public sealed class PlainCnn : INetworkDefinition
{
    /// <inheritdoc/>
    public string Name => "plain-cnn";

    /// <inheritdoc/>
    public string Description => "for comparison: convolutions, max pooling and dense layers, without shortcuts or norms";

    /// <inheritdoc/>
    public KeypointNetwork Create(KeypointSchema schema) => new NetworkBuilder(schema)
        .ConvolutionPool(channels: 32, kernel: 3)
        .ConvolutionPool(channels: 64, kernel: 2)
        .ConvolutionPool(channels: 128, kernel: 2)
        .Dense(units: 500)
        .Coordinates(Name);
}
