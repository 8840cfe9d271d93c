using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.Training;
using TorchSharp;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Devices;

public sealed class TrainingDeviceTests
{
    [Theory]
    [InlineData(null, true, DeviceType.CUDA)]
    [InlineData(null, false, DeviceType.CPU)]
    [InlineData("", true, DeviceType.CUDA)]
    [InlineData("auto", true, DeviceType.CUDA)]
    [InlineData("auto", false, DeviceType.CPU)]
    [InlineData("cpu", true, DeviceType.CPU)]
    [InlineData("cuda", true, DeviceType.CUDA)]
    public void The_gpu_is_used_where_there_is_one_unless_the_environment_says_otherwise(string? wish, bool available, DeviceType expected) =>
        Assert.Equal(expected, TrainingDevice.Choose(wish, () => available));

    [Fact]
    public void A_gpu_that_is_asked_for_and_not_there_is_answered_with_the_variable_and_what_to_do()
    {
        var e = Assert.Throws<UnusableDeviceException>(() => TrainingDevice.Choose("cuda", () => false));

        Assert.Contains(TrainerVariables.Device, e.Message, StringComparison.Ordinal);
        Assert.Contains("'cpu'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_means_nothing_is_answered_with_those_that_do()
    {
        var e = Assert.Throws<UnusableDeviceException>(() => TrainingDevice.Choose("gpu", () => true));

        Assert.Contains($"{TrainerVariables.Device} is 'gpu'", e.Message, StringComparison.Ordinal);
        Assert.Contains("'cuda'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asking_torch_agrees_with_what_torch_says() =>
        Assert.Equal(TrainingDevice.Choose("auto").type == DeviceType.CUDA, torch.cuda.is_available());
}
