using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Augmentation;

/// <summary>Rotates, scales, shifts and mirrors images and their keypoints. Each image gets one map and is resampled once.</summary>
/// <remarks>A pixel p (x, y) of the source lands on q = c + t + s·R·F·(p − c), where c is the frame's centre, t the shift, s the
/// scale, R the rotation and F the mirroring (x → −x) or the identity. Beyond the source, its border pixels repeat.</remarks>
public sealed class AffineAugmentation : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly AffineRange _range;
    private readonly Device _device;
    private readonly Tensor _mirror;
    private readonly Tensor? _oneSided;

    /// <summary>Creates the augmentation for one frame size and its mirror pairs.</summary>
    /// <param name="width">Frame width, pixels.</param>
    /// <param name="height">Frame height, pixels.</param>
    /// <param name="mirror">For each keypoint, the keypoint it becomes in a mirrored image; itself if it has no partner.</param>
    /// <param name="oneSided">Keypoints on one side without partner, which are missing in mirrored images.</param>
    /// <param name="range">The largest changes.</param>
    /// <param name="device">The device of the batches.</param>
    public AffineAugmentation(int width, int height, IReadOnlyList<int> mirror, IReadOnlyList<int> oneSided, AffineRange range, Device device)
    {
        _width = width;
        _height = height;
        _range = range;
        _device = device;
        _mirror = tensor(mirror.Select(k => (long)k).ToArray()).to(device, disposeAfter: true);
        _oneSided = oneSided.Count == 0
            ? null
            : tensor(Enumerable.Range(0, mirror.Count).Select(oneSided.Contains).ToArray()).to(device, disposeAfter: true);
    }

    /// <summary>Draws a map per image and applies it.</summary>
    /// <param name="images">N×H×W float32.</param>
    /// <param name="keypoints">N×K×2 (x, y) frame pixels, NaN = missing.</param>
    /// <param name="random">Generator of random numbers, on the CPU.</param>
    /// <returns>The new images and keypoints, and which images were mirrored. A keypoint that left the frame is missing, and so is a
    /// one-sided keypoint of a mirrored image.</returns>
    public AugmentedBatch Apply(Tensor images, Tensor keypoints, Generator random)
    {
        using DisposeScope scope = NewDisposeScope();
        long n = images.shape[0];
        Tensor angle = Uniform(n, random) * (_range.RotationDegrees * Math.PI / 180);
        Tensor scale = (Uniform(n, random) * Math.Log(_range.Scale)).exp();
        Tensor shiftX = Uniform(n, random) * (_range.Shift * _width);
        Tensor shiftY = Uniform(n, random) * (_range.Shift * _height);
        Tensor flipped = rand(n, generator: random).to(_device) < _range.FlipShare;
        Tensor sign = where(flipped, -1f, 1f);
        Tensor cos = angle.cos();
        Tensor sin = angle.sin();

        Tensor moved = Move(keypoints, cos * scale * sign, -sin * scale, sin * scale * sign, cos * scale, shiftX, shiftY);
        Tensor turned = flipped.reshape(-1, 1, 1);
        Tensor swapped = where(turned, moved.index_select(1, _mirror), moved);
        if (_oneSided is not null)
            swapped = where(turned & _oneSided.reshape(1, -1, 1), float.NaN, swapped);
        Tensor resampled = Resample(images, cos / scale, sin / scale, sign, shiftX, shiftY);
        return new AugmentedBatch(
            resampled.MoveToOuterDisposeScope(), WithoutStrays(swapped).MoveToOuterDisposeScope(), flipped.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mirror.Dispose();
        _oneSided?.Dispose();
    }

    private Tensor Uniform(long n, Generator random) => (rand(n, generator: random).to(_device) * 2) - 1;

    private Tensor Move(Tensor keypoints, Tensor xx, Tensor xy, Tensor yx, Tensor yy, Tensor shiftX, Tensor shiftY)
    {
        Tensor x = keypoints.select(-1, 0) - ((_width - 1) / 2.0);
        Tensor y = keypoints.select(-1, 1) - ((_height - 1) / 2.0);
        return stack(
            [
                (xx.unsqueeze(1) * x) + (xy.unsqueeze(1) * y) + shiftX.unsqueeze(1) + ((_width - 1) / 2.0),
                (yx.unsqueeze(1) * x) + (yy.unsqueeze(1) * y) + shiftY.unsqueeze(1) + ((_height - 1) / 2.0),
            ],
            dim: -1);
    }

    // grid_sample takes the inverse map, p − c = F·Rᵀ/s·(q − c − t), in units of half a frame on each axis.
    private Tensor Resample(Tensor images, Tensor cos, Tensor sin, Tensor sign, Tensor shiftX, Tensor shiftY)
    {
        double aspect = (double)_height / _width;
        Tensor xx = sign * cos;
        Tensor xy = sign * sin * aspect;
        Tensor yx = -sin / aspect;
        Tensor yy = cos;
        Tensor unitX = shiftX * (2.0 / _width);
        Tensor unitY = shiftY * (2.0 / _height);
        Tensor theta = stack(
            [
                stack([xx, xy, -((xx * unitX) + (xy * unitY))], dim: -1),
                stack([yx, yy, -((yx * unitX) + (yy * unitY))], dim: -1),
            ],
            dim: 1);
        Tensor grid = nn.functional.affine_grid(theta, [images.shape[0], 1, _height, _width], align_corners: false);
        return nn.functional.grid_sample(
            images.unsqueeze(1), grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false).squeeze(1);
    }

    private Tensor WithoutStrays(Tensor keypoints)
    {
        Tensor x = keypoints.select(-1, 0);
        Tensor y = keypoints.select(-1, 1);
        Tensor inside = (x >= -0.5) & (x <= _width - 0.5) & (y >= -0.5) & (y <= _height - 0.5);
        return where(inside.unsqueeze(-1), keypoints, float.NaN);
    }
}

/// <summary>The largest changes of <see cref="AffineAugmentation"/>.</summary>
/// <param name="RotationDegrees">Largest rotation in either direction, degrees.</param>
/// <param name="Scale">Largest enlargement; its inverse is the largest reduction.</param>
/// <param name="Shift">Largest shift in either direction, as a share of the frame.</param>
/// <param name="FlipShare">Share of images mirrored.</param>
public sealed record AffineRange(double RotationDegrees = 15, double Scale = 1.15, double Shift = 0.06, double FlipShare = 0.5);
