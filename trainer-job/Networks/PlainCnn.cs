using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>For comparison: the plain network that work on Kaggle's facial keypoints began with, without shortcuts or norms.</summary>
/// <remarks>Kernels, channels and pooling are those of D. Nouri, "Using convolutional neural nets to detect facial keypoints", 2014
/// (96×96 → 47×47 → 23×23 → 11×11); one of its two hidden layers of 500 units is left out, as in smaller networks after it.</remarks>
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
