using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>For comparison: <see cref="MlResNet"/> without its shortcuts. Two convolutions replace each
/// <see cref="ResidualLayer"/>.</summary>
public sealed class MlResNetPlain : INetworkDefinition
{
    /// <inheritdoc/>
    public string Name => "ml-resnet-plain";

    /// <inheritdoc/>
    public string Description => "for comparison: ml-resnet without shortcuts";

    /// <inheritdoc/>
    public KeypointNetwork Create(KeypointSchema schema) => new NetworkBuilder(schema)
        .Convolution(channels: 24, kernel: 5, stride: 2)
        .Convolution(channels: 48, kernel: 3, stride: 2).Convolution(channels: 48, kernel: 3, stride: 1)
        .Convolution(channels: 96, kernel: 3, stride: 2).Convolution(channels: 96, kernel: 3, stride: 1)
        .Convolution(channels: 96, kernel: 3, stride: 1).Convolution(channels: 96, kernel: 3, stride: 1)
        .Convolution(channels: 160, kernel: 3, stride: 2).Convolution(channels: 160, kernel: 3, stride: 1)
        .Convolution(channels: 160, kernel: 3, stride: 1).Convolution(channels: 160, kernel: 3, stride: 1)
        .Locate(Name);
}
