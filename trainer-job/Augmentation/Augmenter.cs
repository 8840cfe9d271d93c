using KeypointPipeline.Keypoints;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Augmentation;

/// <summary>Augments training batches. The same generator state gives the same batch.</summary>
public sealed class Augmenter : IDisposable
{
    private readonly AffineAugmentation _affine;

    /// <summary>Creates an augmenter for a schema's frame and mirror pairs, and for batches on a device. Without known pairs it mirrors
    /// nothing.</summary>
    /// <param name="schema">Frame and mirror pairs.</param>
    /// <param name="device">The device of the batches.</param>
    /// <param name="movement">The largest changes of the place; null for the usual ones.</param>
    public Augmenter(KeypointSchema schema, Device device, AffineRange? movement = null)
    {
        AffineRange range = movement ?? new AffineRange();
        _affine = new AffineAugmentation(
            schema.FrameWidth, schema.FrameHeight, schema.MirrorMap, schema.OneSided, schema.CanMirror ? range : range with { FlipShare = 0 }, device);
    }

    /// <summary>Augments a batch.</summary>
    /// <param name="images">N×H×W uint8.</param>
    /// <param name="keypoints">N×K×2 (x, y) frame pixels, NaN = missing.</param>
    /// <param name="random">Generator of random numbers, on the CPU.</param>
    public AugmentedBatch Apply(Tensor images, Tensor keypoints, Generator random)
    {
        using Tensor grey = images.to_type(ScalarType.Float32);
        AugmentedBatch moved = _affine.Apply(grey, keypoints, random);
        using (moved.Images)
            return moved with { Images = PhotometricAugmentation.Apply(moved.Images, random) };
    }

    /// <inheritdoc/>
    public void Dispose() => _affine.Dispose();
}

/// <summary>A training batch as the network sees it.</summary>
/// <param name="Images">N×H×W float32, 0…255.</param>
/// <param name="Keypoints">N×K×2 (x, y) frame pixels, NaN = missing.</param>
/// <param name="Mirrored">N: whether the image was mirrored, which turns left keypoints into right ones.</param>
public sealed record AugmentedBatch(Tensor Images, Tensor Keypoints, Tensor Mirrored);
