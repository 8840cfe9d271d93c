using TorchSharp;

namespace KeypointPipeline.TrainerJob.Devices;

/// <summary>Decides where a training computes: on the GPU where there is one, else on the CPU; the environment has the last word.</summary>
/// <remarks>All of a training lies there: rows, weights, their average, the optimiser's state. Only chance comes from the CPU, so that a
/// seed means the same order and the same augmentation everywhere. On the CPU the same seed gives the same bytes; a GPU adds numbers up
/// in an order of its own, and its models differ from run to run in the last digits.</remarks>
public static class TrainingDevice
{
    /// <summary>The environment variable: <c>auto</c> (as without it), <c>cpu</c> or <c>cuda</c>.</summary>
    public const string Variable = "KEYPOINTS_DEVICE";

    /// <summary>Decides. Call it before other work with torch, which looks for CUDA's library once.</summary>
    /// <param name="wish">The value of <see cref="Variable"/>, or null.</param>
    /// <exception cref="InvalidDataException">The value is none of the three, or asks for a GPU where there is none.</exception>
    public static torch.Device Choose(string? wish) => new(Choose(wish, torch.cuda.is_available));

    /// <summary>Decides, being told whether there is a GPU.</summary>
    /// <param name="wish">The value of <see cref="Variable"/>, or null.</param>
    /// <param name="isCudaAvailable">Not asked where the wish is the CPU.</param>
    internal static DeviceType Choose(string? wish, Func<bool> isCudaAvailable) => wish switch
    {
        null or "" or "auto" => isCudaAvailable() ? DeviceType.CUDA : DeviceType.CPU,
        "cpu" => DeviceType.CPU,
        "cuda" => isCudaAvailable()
            ? DeviceType.CUDA
            : throw new InvalidDataException(
                $"{Variable} is 'cuda', and torch finds no CUDA here: that needs the trainer built with TorchDevice=cuda-12.8 (its CUDA "
                + $"image), an NVIDIA GPU and its driver. Unset {Variable}, or set it to 'auto' or 'cpu', to train without."),
        _ => throw new InvalidDataException($"{Variable} is '{wish}'; it takes 'auto' (or nothing), 'cpu' or 'cuda'."),
    };
}
