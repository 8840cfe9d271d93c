using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Onnx;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

public sealed class OnnxParityTests : IDisposable
{
    private const double LargestDifference = 0.001;

    private readonly OnnxExportFixture _files = new();

    public static TheoryData<string> Names => [.. NetworkRegistry.All.Select(network => network.Name)];

    [Theory]
    [InlineData("ml-resnet", 15, 96, 96, 500)]
    [InlineData("ml-resnet-small", 15, 96, 96, 500)]
    [InlineData("ml-resnet-small", 1, 64, 48, 500)]
    [InlineData("ml-resnet-small", 68, 48, 64, 500)]
    [InlineData("ml-resnet", 68, 97, 61, 100)]
    [InlineData("ml-resnet", 1, 33, 47, 100)]
    [InlineData("ml-resnet", 3, 8, 8, 100)]
    [InlineData("ml-resnet-small", 5, 320, 241, 12)]
    [InlineData("ml-resnet-plain", 15, 96, 96, 100)]
    [InlineData("pyramid-resnet", 15, 96, 96, 500)]
    [InlineData("pyramid-resnet", 68, 97, 61, 100)]
    [InlineData("pyramid-resnet", 1, 33, 47, 100)]
    [InlineData("pyramid-resnet", 3, 8, 8, 100)]
    [InlineData("plain-cnn", 15, 96, 96, 100)]
    [InlineData("plain-cnn", 68, 97, 61, 100)]
    [InlineData("plain-cnn", 3, 8, 8, 100)]
    public void Onnx_runtime_and_torch_agree(string name, int keypoints, int width, int height, int count)
    {
        KeypointSchema schema = OnnxExportFixture.Schema(keypoints, width, height);
        using KeypointNetwork network = SettledNetwork.Create(name, schema, seed: 1);
        using InferenceSession session = OnnxExportFixture.Open(_files.Export(network));
        byte[] images = OnnxTestImages.Mixed(count, schema, seed: 99);

        float[] expected = OnnxParity.Predict(network, images).Keypoints;
        float[] actual = OnnxExportFixture.Predict(session, images, schema);

        Assert.Equal(count * keypoints * 2, actual.Length);
        AssertAgree(expected, actual);
        AssertImagesMatter(expected, count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_network_of_the_registry_is_exported_as_it_predicts(string name)
    {
        using KeypointNetwork network = SettledNetwork.Create(name, OnnxExportFixture.Schema(4, 37, 53), seed: 1);

        Assert.True(File.Exists(_files.Export(network))); // the export compares predictions itself
    }

    [Theory]
    [InlineData("eye_l,nose,eye_r", true)]
    [InlineData("scar_l,eye_r,nose,eye_l,ear_r", true)]
    [InlineData("eye_1,nose,eye_2", false)]
    public void Mirror_averaging_is_exported_as_it_predicts(string names, bool averages)
    {
        var schema = new KeypointSchema(names.Split(','), 61, 48);
        using KeypointNetwork network = SettledNetwork.Create("pyramid-resnet", schema, seed: 1);
        using InferenceSession session = OnnxExportFixture.Open(_files.Export(network)); // the export compares predictions itself
        byte[] images = OnnxTestImages.Mixed(100, schema, seed: 99);

        Assert.Equal(averages, network.AveragesFlips);
        AssertAgree(OnnxParity.Predict(network, images).Keypoints, OnnxExportFixture.Predict(session, images, schema));
    }

    [Fact]
    public void A_pyramid_within_a_pyramid_is_exported_as_it_predicts()
    {
        KeypointSchema schema = OnnxExportFixture.Schema(4, 64, 48);
        using KeypointNetwork network = new NetworkBuilder(schema)
            .Convolution(channels: 8, kernel: 3, stride: 2)
            .Pyramid(channels: 8, deeper => deeper
                .Residual(channels: 12, stride: 2)
                .Pyramid(channels: 12, deepest => deepest.Residual(channels: 16, stride: 2)))
            .Locate("nested");
        network.Initialize(seed: 1);

        Assert.True(File.Exists(_files.Export(network))); // the export compares predictions itself
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void The_batch_an_image_is_in_does_not_matter(int batch)
    {
        KeypointSchema schema = OnnxExportFixture.Schema(15, 96, 96);
        using KeypointNetwork network = SettledNetwork.Create("ml-resnet-small", schema, seed: 2);
        using InferenceSession session = OnnxExportFixture.Open(_files.Export(network));
        byte[] images = OnnxTestImages.Mixed(130, schema, seed: 98);

        float[] expected = OnnxParity.Predict(network, images).Keypoints;
        float[] actual = [.. images.Chunk(batch * schema.FrameSize).SelectMany(part => OnnxExportFixture.Predict(session, part, schema))];

        AssertAgree(expected, actual);
    }

    [Fact]
    public void A_hardly_trained_network_that_expects_huge_errors_is_exported()
    {
        KeypointSchema schema = OnnxExportFixture.Schema(15, 96, 96);
        using KeypointNetwork network = SettledNetwork.Create("ml-resnet-small", schema, seed: 1);
        network.ErrorScale.fill_(100_000);

        Assert.True(File.Exists(_files.Export(network))); // the export compares predictions itself
    }

    [Fact]
    public void A_file_of_other_weights_is_caught()
    {
        KeypointSchema schema = OnnxExportFixture.Schema(15, 96, 96);
        using KeypointNetwork network = SettledNetwork.Create("ml-resnet-small", schema, seed: 3);
        using KeypointNetwork other = SettledNetwork.Create("ml-resnet-small", schema, seed: 4);
        string path = _files.Export(other);

        var error = Assert.Throws<OnnxParityException>(() => OnnxParity.Check(path, network, OnnxExportFixture.Metadata(network)));

        Assert.Contains("network differ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_says_something_else_of_itself_is_caught()
    {
        using KeypointNetwork network = SettledNetwork.Create("ml-resnet-small", OnnxExportFixture.Schema(2, 32, 32), seed: 3);
        string path = _files.Export(network);

        Assert.Throws<OnnxParityException>(() =>
            OnnxParity.Check(path, network, OnnxExportFixture.Metadata(network) with { DataFingerprint = "other" }));
    }

    [Fact]
    public void A_damaged_file_is_caught()
    {
        using KeypointNetwork network = SettledNetwork.Create("ml-resnet-small", OnnxExportFixture.Schema(2, 32, 32), seed: 3);
        string path = _files.Export(network);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1000]);

        Assert.Throws<OnnxParityException>(() => OnnxParity.Check(path, network, OnnxExportFixture.Metadata(network)));
    }

    public void Dispose() => _files.Dispose();

    private static void AssertAgree(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        double difference = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {difference:E2} px");
        Assert.InRange(difference, 0, LargestDifference);
    }

    /// <summary>Agreement says nothing about a network that predicts the same whatever it sees.</summary>
    private static void AssertImagesMatter(float[] predictions, int count)
    {
        float[] firstX = [.. predictions.Where((_, i) => i % (predictions.Length / count) == 0)];
        Assert.True(firstX.Max() - firstX.Min() > 1, $"Predictions span only {firstX.Max() - firstX.Min()} px.");
    }
}
