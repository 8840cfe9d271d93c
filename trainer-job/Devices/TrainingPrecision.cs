using System.Runtime.Intrinsics.X86;
using KeypointPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Devices;

/// <summary>Decides the precision of convolutions in training: bfloat16 if the processor multiplies it faster than float32, otherwise
/// float32. The environment can override this.</summary>
/// <remarks>Weights, coordinates, losses, the optimizer and every prediction are always float32.</remarks>
public static class TrainingPrecision
{
    /// <summary>Chooses the precision.</summary>
    /// <param name="wish">The value of <see cref="TrainerVariables.Precision"/>, or null.</param>
    /// <param name="device">Where the training computes.</param>
    /// <exception cref="UnusableDeviceException">The value is unknown.</exception>
    public static ScalarType Choose(string? wish, DeviceType device) => wish switch
    {
        // Graphics cards since 2020 have bfloat16. A T4 does not, and its job sets float32.
        null or "" or "auto" => device == DeviceType.CUDA || ProcessorHasBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        _ => throw new UnusableDeviceException($"{TrainerVariables.Precision} is '{wish}'; it takes 'auto' (the default), 'float32' or 'bfloat16'."),
    };

    // Intel 64 manual, CPUID leaf 7: AVX512_BF16 is bit 5 of EAX in subleaf 1, AMX-BF16 bit 22 of EDX in subleaf 0.
    private static bool ProcessorHasBFloat16 =>
        X86Base.IsSupported
        && X86Base.CpuId(0, 0).Eax >= 7
        && ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0);
}
