using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>Residual stages down to a sixteenth of the frame's resolution, where the keypoints are located. The reference that the
/// experiments in <c>docs/accuracy.md</c> vary.</summary>
public sealed class MlResNet : INetworkDefinition
{
    /// <inheritdoc/>
    public string Name => "ml-resnet";

    /// <inheritdoc/>
    public string Description => "residual network without a pyramid";

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
