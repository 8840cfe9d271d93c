using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>The standard network: residual stages at an eighth of the frame's resolution, where most of the work is cheap.</summary>
public sealed class MlResNet : INetworkDefinition
{
    /// <inheritdoc/>
    public string Name => "ml-resnet";

    /// <inheritdoc/>
    public string Description => "residual network, the most accurate";

    /// <inheritdoc/>
    public KeypointNetwork Create(KeypointSchema schema) => new NetworkBuilder(schema)
        .Convolution(channels: 24, kernel: 5, stride: 2)
        .Residual(channels: 48, stride: 2)
        .Residual(channels: 96, stride: 2)
        .Residual(channels: 96)
        .Residual(channels: 160, stride: 2)
        .Residual(channels: 160)
        .Locate(Name);
}
