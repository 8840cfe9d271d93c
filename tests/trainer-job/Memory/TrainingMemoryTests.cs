using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Memory;
using KeypointPipeline.TrainerJob.Networks;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Memory;

public sealed class TrainingMemoryTests
{
    private static readonly string[] Names = ["left_eye", "right_eye", "nose", "p1", "p2"];

    public static TheoryData<string, int, int> Networks()
    {
        var data = new TheoryData<string, int, int>();
        foreach (INetworkDefinition network in NetworkRegistry.All)
        {
            data.Add(network.Name, 96, 96);
            data.Add(network.Name, 131, 70);
            data.Add(network.Name, 48, 40);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_parameters_of_a_network_are_counted_without_building_it(string name, int width, int height)
    {
        var schema = new KeypointSchema(Names, width, height);
        using KeypointNetwork network = NetworkRegistry.Create(name, schema);

        Assert.Equal(network.ParameterCount, StepMemory.Of(name, schema).Parameters);
        Assert.Equal(network.AveragesFlips, StepMemory.Of(name, schema).Mirrors);
    }

    [Fact]
    public void Every_network_needs_more_for_larger_batches_and_frames_and_more_rows()
    {
        foreach (INetworkDefinition network in NetworkRegistry.All)
        {
            TrainingShape shape = Shape(network.Name, 288, 288, batch: 32);
            long basis = TrainingMemory.Estimate(shape).Total;

            Assert.All(
                [
                    shape with { BatchSize = 64 },
                    Shape(network.Name, 576, 288, batch: 32),
                    shape with { TrainingRows = 100_000 },
                ],
                larger => Assert.True(TrainingMemory.Estimate(larger).Total > basis, $"{larger}"));
        }
    }

    internal static TrainingShape Shape(string network, int width, int height, int batch) =>
        new(network, new KeypointSchema(Names, width, height), batch, TrainingRows: 1000, ValidationRows: 100, IsBFloat16: true);
}
