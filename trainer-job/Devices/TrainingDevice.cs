using KeypointPipeline.Training;
using TorchSharp;

namespace KeypointPipeline.TrainerJob.Devices;

/// <summary>Decides where a training computes: on the GPU if there is one, otherwise on the CPU. The environment can override this.</summary>
/// <remarks>Everything a training needs is on that device: rows, weights, their average and the optimizer's state. Random numbers come
/// from the CPU, so that a seed gives the same order and the same augmentation on every device. On the CPU, the same seed gives the same
/// bytes. A GPU adds numbers in varying order, so its models differ from run to run in the last digits.</remarks>
public static class TrainingDevice
{
    /// <summary>Chooses the device. Call this before other work with torch, because torch looks for CUDA's library only once.</summary>
    /// <param name="wish">The value of <see cref="TrainerVariables.Device"/>, or null.</param>
    /// <exception cref="UnusableDeviceException">The value is unknown, or it asks for a GPU and there is none.</exception>
    public static torch.Device Choose(string? wish) => new(Choose(wish, torch.cuda.is_available));

    /// <summary>Describes a device, for people.</summary>
    /// <param name="device">The chosen device.</param>
    /// <param name="precision">Precision of convolutions.</param>
    internal static TrainerDevice Describe(torch.Device device, torch.ScalarType precision) => new(
        device.type == DeviceType.CUDA ? "cuda" : "cpu",
        device.type == DeviceType.CUDA ? GraphicsCard.FindName() : Processor.Name,
        device.type == DeviceType.CUDA ? null : torch.get_num_threads(),
        precision == torch.ScalarType.BFloat16 ? "bfloat16" : "float32");

    /// <summary>Chooses the kind of device.</summary>
    /// <param name="wish">The value of <see cref="TrainerVariables.Device"/>, or null.</param>
    /// <param name="isCudaAvailable">Tells whether there is a GPU; not called if the wish is the CPU.</param>
    internal static DeviceType Choose(string? wish, Func<bool> isCudaAvailable) => wish switch
    {
        null or "" or "auto" => isCudaAvailable() ? DeviceType.CUDA : DeviceType.CPU,
        "cpu" => DeviceType.CPU,
        "cuda" => isCudaAvailable()
            ? DeviceType.CUDA
            : throw new UnusableDeviceException(
                $"{TrainerVariables.Device} is 'cuda', but torch finds no CUDA here. CUDA needs the trainer built with TorchDevice=cuda-12.8 "
                + $"(its CUDA image), an NVIDIA GPU and its driver. To train without a GPU, unset {TrainerVariables.Device} or set it to "
                + "'auto' or 'cpu'."),
        _ => throw new UnusableDeviceException($"{TrainerVariables.Device} is '{wish}'; it takes 'auto' (the default), 'cpu' or 'cuda'."),
    };
}
