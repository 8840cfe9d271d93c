using KeypointPipeline.TrainerJob.Augmentation;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Devices;

/// <summary>What can be known without a GPU: torch's device without memory (<c>meta</c>) is another device than the CPU too. It cannot
/// convolve, so a whole step needs <see cref="CudaTests"/>.</summary>
public sealed class OtherDeviceTests
{
    public static TheoryData<string> Names => [.. NetworkRegistry.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_moves_with_all_it_computes_with(string name)
    {
        using KeypointNetwork network = NetworkRegistry.Create(name, TinyFaces.Schema);
        string[] parts = [.. network.state_dict().Keys];

        network.to(META);

        var used = new UsedTensors();
        network.Accept(used);
        Assert.NotEmpty(used.All);
        Assert.All(used.All, tensor => Assert.Equal(DeviceType.META, tensor.device_type));
        Assert.All(network.state_dict().Values, tensor => Assert.Equal(DeviceType.META, tensor.device_type));
        Assert.Equal(parts, network.state_dict().Keys);
    }

    [Fact]
    public void Light_and_noise_are_added_where_the_images_are()
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(1);

        Tensor changed = PhotometricAugmentation.Apply(zeros(3, 8, 8, device: META), random);

        Assert.Equal(DeviceType.META, changed.device_type);
    }

    private sealed class UsedTensors : INetworkVisitor
    {
        public List<Tensor> All { get; } = [];

        public void Standardize(float epsilon)
        {
        }

        public void Convolution(ConvolutionLayer layer) =>
            All.AddRange(layer.Weight, layer.Norm.weight, layer.Norm.bias!, layer.Norm.running_mean!, layer.Norm.running_var!);

        public void Residual(ConvolutionLayer first, ConvolutionLayer second, ConvolutionLayer? shortcut)
        {
            Convolution(first);
            Convolution(second);
            if (shortcut is not null)
                Convolution(shortcut);
        }

        public void ConvolutionPool(ConvolutionPoolLayer layer) => All.AddRange(layer.Weight, layer.Bias);

        public void Dense(Tensor weight, Tensor bias) => All.AddRange(weight, bias);

        public void Coordinates(Tensor weight, Tensor bias, Tensor centre, Tensor halfFrame) =>
            All.AddRange(weight, bias, centre, halfFrame);

        public void AddMirrored()
        {
        }

        public void Patches(int side)
        {
        }

        public void Pyramid(IReadOnlyList<NetworkLayer> deep, ConvolutionLayer lateral, ConvolutionLayer top, ConvolutionLayer merge)
        {
            foreach (NetworkLayer layer in deep)
                layer.Accept(this);
            Convolution(lateral);
            Convolution(top);
            Convolution(merge);
        }

        public void Locate(Tensor weight, Tensor bias, Tensor errorWeight, Tensor errorBias, Tensor centres, Tensor cell) =>
            All.AddRange(weight, bias, errorWeight, errorBias, centres, cell);

        public void Finish(Tensor offset, Tensor errorScale) => All.AddRange(offset, errorScale);
    }
}
