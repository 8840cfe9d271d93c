using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>A lighter <see cref="MlResNet"/> for demonstrations, tests and slow machines.</summary>
public sealed class MlResNetSmall : INetworkDefinition
{
    /// <inheritdoc/>
    public string Name => "ml-resnet-small";

    /// <inheritdoc/>
    public string Description => "small residual network; several times faster to train, less accurate";

    /// <inheritdoc/>
    public KeypointNetwork Create(KeypointSchema schema) => new NetworkBuilder(schema)
        .Convolution(channels: 16, kernel: 5, stride: 2)
        .Residual(channels: 32, stride: 2)
        .Residual(channels: 48, stride: 2)
        .Residual(channels: 80, stride: 2)
        .Locate(Name);
}
