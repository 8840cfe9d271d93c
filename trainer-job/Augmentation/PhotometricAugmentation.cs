using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Augmentation;

/// <summary>Changes how images are lit and recorded, but never where things are: gamma, contrast, brightness, a slope of light across
/// the frame, and sensor noise. Each is drawn per image. The result is clipped to 0…255, as a camera does.</summary>
public static class PhotometricAugmentation
{
    private const double LargestGamma = 1.5; // and its inverse
    private const double LargestContrast = 1.3; // and its inverse
    private const double LargestBrightness = 25; // grey levels either way
    private const double LargestSlope = 30; // grey levels between the centre and an edge, per axis
    private const double LargestNoise = 6; // standard deviation, grey levels

    /// <summary>Augments a batch of images.</summary>
    /// <param name="images">N×H×W float32, 0…255.</param>
    /// <param name="random">Generator of random numbers, on the CPU.</param>
    /// <returns>New images, N×H×W float32, 0…255, on the device of <paramref name="images"/>.</returns>
    public static Tensor Apply(Tensor images, Generator random)
    {
        using DisposeScope scope = NewDisposeScope();
        long n = images.shape[0];
        Device device = images.device;
        Tensor slopeX = linspace(-1, 1, images.shape[2], device: device) * Symmetric(n, LargestSlope, random, device);
        Tensor slopeY = linspace(-1, 1, images.shape[1], device: device).unsqueeze(1) * Symmetric(n, LargestSlope, random, device);

        Tensor lit = (images.clamp(0, 255) / 255).pow_(Ratio(n, LargestGamma, random, device)).mul_(255);
        Tensor mean = lit.mean([1, 2], keepdim: true);
        lit.sub_(mean).mul_(Ratio(n, LargestContrast, random, device)).add_(mean + Symmetric(n, LargestBrightness, random, device));
        lit.add_(slopeX).add_(slopeY);
        lit.add_(randn(images.shape, generator: random).to(device).mul_(rand(n, 1, 1, generator: random).to(device) * LargestNoise));
        return lit.clamp_(0, 255).MoveToOuterDisposeScope();
    }

    private static Tensor Symmetric(long n, double largest, Generator random, Device device) =>
        ((rand(n, 1, 1, generator: random).to(device) * 2) - 1) * largest;

    private static Tensor Ratio(long n, double largest, Generator random, Device device) =>
        Symmetric(n, Math.Log(largest), random, device).exp();
}
