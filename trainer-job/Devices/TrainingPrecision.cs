using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Devices;

/// <summary>Decides what convolutions compute in while training: bfloat16 where the processor multiplies it faster than float32, else
/// float32; the environment has the last word.</summary>
/// <remarks>Weights, coordinates, losses and the optimiser are float32 either way, and so is every prediction.</remarks>
public static class TrainingPrecision
{
    /// <summary>The environment variable: <c>auto</c> (as without it), <c>float32</c> or <c>bfloat16</c>.</summary>
    public const string Variable = "KEYPOINTS_PRECISION";

    /// <summary>Decides.</summary>
    /// <param name="wish">The value of <see cref="Variable"/>, or null.</param>
    /// <param name="device">Where the training computes.</param>
    /// <exception cref="InvalidDataException">The value is none of the three.</exception>
    public static ScalarType Choose(string? wish, DeviceType device) => wish switch
    {
        // Graphics cards since 2020 have it; a T4 has not, and its job says float32.
        null or "" or "auto" => device == DeviceType.CUDA || ProcessorHasBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        _ => throw new InvalidDataException($"{Variable} is '{wish}'; it takes 'auto' (or nothing), 'float32' or 'bfloat16'."),
    };

    // Intel 64 manual, CPUID leaf 7: AVX512_BF16 is bit 5 of EAX in subleaf 1, AMX-BF16 bit 22 of EDX in subleaf 0.
    private static bool ProcessorHasBFloat16 =>
        X86Base.IsSupported
        && X86Base.CpuId(0, 0).Eax >= 7
        && ((X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0 || (X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0);
}
