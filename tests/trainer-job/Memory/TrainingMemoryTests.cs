using KeypointPipeline.Errors;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Memory;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Tests.Commands;
using TorchSharp;
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

    /// <summary>The first needs most of its memory for weights, the second for steps.</summary>
    [Theory]
    [InlineData("plain-cnn", 64)]
    [InlineData("ml-resnet", 96)]
    public async Task The_estimate_is_near_the_peak_of_the_trainer(string network, int batch)
    {
        using TemporaryFolder folder = TestFolder.Create("peak");
        var schema = new KeypointSchema(Names, 96, 96);
        string data = folder.File("rows.csv");
        byte[] image = new byte[schema.FrameSize];
        var random = new Random(1);
        string header = string.Join(',', Names.Select(name => $"{name}_x,{name}_y"));
        await File.WriteAllLinesAsync(data, [$"{header},Image", .. Enumerable.Range(0, 98).Select(Row)], TestContext.Current.CancellationToken);
        using var trainer = new TrainerProcess(
            ["train", "--data", data, "--out", folder.File("out"), "--epochs", "2", "--network", network, "--batch-size", $"{batch}"], memory: "any");

        (int code, long peak) = await trainer.MeasureAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Success, code);
        bool isBFloat16 = TrainingPrecision.Choose(null, DeviceType.CPU) == TorchSharp.torch.ScalarType.BFloat16;
        long estimate = TrainingMemory.Estimate(new TrainingShape(network, schema, batch, TrainingRows: 98, ValidationRows: 0, isBFloat16)).Total;
        Assert.InRange((double)estimate / peak, 0.7, 1.6);

        string Row(int row)
        {
            random.NextBytes(image);
            string labels = string.Join(',', Names.Select((_, k) => row % 3 != 0 && k > 2 ? "," : $"{random.Next(96)},{random.Next(96)}"));
            return $"{labels},{string.Join(' ', image)}";
        }
    }

    internal static TrainingShape Shape(string network, int width, int height, int batch) =>
        new(network, new KeypointSchema(Names, width, height), batch, TrainingRows: 1000, ValidationRows: 100, IsBFloat16: true);
}
