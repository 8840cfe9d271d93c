using KeypointPipeline.Bench.Training;
using KeypointPipeline.TrainerJob.Networks;
using Xunit;

namespace KeypointPipeline.Bench.Tests.Training;

public sealed class ConvolutionShapesTests
{
    public static TheoryData<string> Networks => [.. NetworkRegistry.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_weight_with_more_than_one_input_is_in_the_list(string name)
    {
        using KeypointNetwork network = NetworkRegistry.Create(name, DrawnRows.Schema);

        long listed = ConvolutionShapes.Of(network).Sum(shape => (long)shape.Inputs * shape.Outputs * shape.Kernel * shape.Kernel);

        Assert.Equal(network.parameters().Where(weight => weight.dim() > 1).Sum(weight => weight.numel()), listed);
    }

    [Fact]
    public void The_standard_network_narrows_to_a_sixteenth_and_comes_back_to_an_eighth()
    {
        using KeypointNetwork network = NetworkRegistry.Create("pyramid-resnet", DrawnRows.Schema);

        IReadOnlyList<ConvolutionShape> shapes = ConvolutionShapes.Of(network);

        Assert.Equal(new ConvolutionShape(Inputs: 16, Height: 24, Width: 24, Outputs: 48, Kernel: 3, Stride: 1, Padding: 1), shapes[0]);
        Assert.Equal(6, shapes.Min(shape => shape.OutputSize.Height));
        Assert.Equal((12, 12), shapes[^1].OutputSize);
        Assert.Equal(2L * 24 * 24 * 48 * 16 * 9, shapes[0].Operations);
    }
}
