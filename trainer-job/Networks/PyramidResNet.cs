using KeypointPipeline.Keypoints;

namespace KeypointPipeline.TrainerJob.Networks;

/// <summary>A residual network with a pyramid. Patches replace a slow first convolution. Residual stages go down to a sixteenth of the
/// frame's resolution. A pyramid brings their features back to an eighth, where the keypoints are located. Predictions are averaged over
/// the image and its mirror image, if mirror pairs are known.</summary>
public sealed class PyramidResNet : INetworkDefinition
{
    /// <inheritdoc/>
    public string Name => "pyramid-resnet";

    /// <inheritdoc/>
    public string Description => "residual network with a pyramid, averaged over the image and its mirror image; the most accurate";

    /// <inheritdoc/>
    public KeypointNetwork Create(KeypointSchema schema) => new NetworkBuilder(schema)
        .Patches(side: 4)
        .Convolution(channels: 48, kernel: 3, stride: 1)
        .Residual(channels: 48)
        .Residual(channels: 96, stride: 2)
        .Residual(channels: 96)
        .Pyramid(channels: 96, deeper => deeper.Residual(channels: 160, stride: 2).Residual(channels: 160))
        .Locate(Name, averagesFlips: true);
}
