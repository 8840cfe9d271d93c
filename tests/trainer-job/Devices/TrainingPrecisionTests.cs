using KeypointPipeline.TrainerJob.Devices;
using TorchSharp;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Devices;

public sealed class TrainingPrecisionTests
{
    [Theory]
    [InlineData("float32", torch.ScalarType.Float32)]
    [InlineData("bfloat16", torch.ScalarType.BFloat16)]
    public void The_environment_has_the_last_word(string wish, torch.ScalarType expected) =>
        Assert.Equal(expected, TrainingPrecision.Choose(wish, DeviceType.CPU));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("auto")]
    public void Left_alone_it_is_bfloat16_on_a_graphics_card_and_on_a_processor_that_says_it_has_it(string? wish)
    {
        bool has = File.Exists("/proc/cpuinfo") && File.ReadAllText("/proc/cpuinfo") is var cpu
            && (cpu.Contains("avx512_bf16", StringComparison.Ordinal) || cpu.Contains("amx_bf16", StringComparison.Ordinal));

        Assert.Equal(torch.ScalarType.BFloat16, TrainingPrecision.Choose(wish, DeviceType.CUDA));
        if (OperatingSystem.IsLinux())
            Assert.Equal(has ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32, TrainingPrecision.Choose(wish, DeviceType.CPU));
    }

    [Fact]
    public void Any_other_wish_is_refused_with_what_there_is() =>
        Assert.Contains(
            "'auto' (the default), 'float32' or 'bfloat16'",
            Assert.Throws<UnusableDeviceException>(() => TrainingPrecision.Choose("half", DeviceType.CPU)).Message,
            StringComparison.Ordinal);
}
