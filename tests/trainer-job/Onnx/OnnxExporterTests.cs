using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Onnx;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using ModelMetadata = KeypointPipeline.Models.ModelMetadata;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

public sealed class OnnxExporterTests : IDisposable
{
    private static readonly KeypointSchema Schema = OnnxExportFixture.Schema(keypoints: 4, width: 40, height: 32);

    private readonly OnnxExportFixture _files = new();
    private readonly KeypointNetwork _network = SettledNetwork.Create("ml-resnet-small", Schema, seed: 5);

    [Fact]
    public void The_same_weights_give_the_same_bytes()
    {
        using KeypointNetwork twin = NetworkRegistry.Create("ml-resnet-small", Schema);
        twin.load_state_dict(_network.state_dict());

        byte[] first = File.ReadAllBytes(_files.Export(_network, "first.onnx"));

        Assert.Equal(first, File.ReadAllBytes(_files.Export(_network, "again.onnx")));
        Assert.Equal(first, File.ReadAllBytes(_files.Export(twin, "twin.onnx")));
    }

    [Fact]
    public void Other_weights_give_other_bytes()
    {
        byte[] first = File.ReadAllBytes(_files.Export(_network, "first.onnx"));
        Change(_network, "_norm.running_mean", values => values.add_(0.01));

        Assert.NotEqual(first, File.ReadAllBytes(_files.Export(_network, "other.onnx")));
    }

    [Fact]
    public void Every_network_of_the_registry_can_be_exported()
    {
        Assert.NotEmpty(NetworkRegistry.All);
        Assert.All(NetworkRegistry.All, definition =>
        {
            using KeypointNetwork network = definition.Create(Schema);
            Assert.True(File.Exists(_files.Export(network, $"{definition.Name}.onnx")));
        });
    }

    [Fact]
    public void Opened_again_the_file_says_what_it_was_given()
    {
        using InferenceSession session = OnnxExportFixture.Open(_files.Export(_network));

        Assert.Equal(OnnxExportFixture.Metadata(_network), ModelMetadata.Read(session));
    }

    [Fact]
    public void Export_leaves_the_network_in_its_mode_and_its_numbers_as_they_are()
    {
        _network.train();
        Dictionary<string, float[]> before = Numbers();

        _files.Export(_network);

        Assert.True(_network.training);
        Assert.Equal(before, Numbers());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_network_with_a_broken_weight_is_not_exported_and_the_file_before_it_stays(float broken)
    {
        string path = _files.Export(_network);
        byte[] before = File.ReadAllBytes(path);
        Change(_network, "_maps.bias", values => values[0] = broken);

        Assert.Throws<ArgumentException>(() => _files.Export(_network));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_files.Folder));
    }

    [Fact]
    public void A_network_that_overflows_is_not_exported_and_leaves_nothing_behind()
    {
        Change(_network, "_norm.weight", values => values.fill_(1e20));

        Assert.Throws<OnnxParityException>(() => _files.Export(_network));

        Assert.Empty(Directory.GetFiles(_files.Folder));
    }

    [Fact]
    public void Metadata_of_another_schema_or_network_is_refused()
    {
        ModelMetadata metadata = OnnxExportFixture.Metadata(_network);
        string path = Path.Combine(_files.Folder, "model.onnx");

        var schema = Assert.Throws<ArgumentException>(() =>
            OnnxExporter.Export(_network, metadata with { Schema = OnnxExportFixture.Schema(5, 40, 32) }, path));
        var name = Assert.Throws<ArgumentException>(() => OnnxExporter.Export(_network, metadata with { Network = "other" }, path));

        Assert.Contains("5 keypoints, 40×32", schema.Message, StringComparison.Ordinal);
        Assert.Contains("'other'", name.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_metadata_error_that_cannot_be_read_back_is_not_published()
    {
        string path = Path.Combine(_files.Folder, "model.onnx");

        Assert.Throws<OnnxParityException>(() =>
            OnnxExporter.Export(_network, OnnxExportFixture.Metadata(_network) with { ValidationRmse = double.NaN }, path));

        Assert.Empty(Directory.GetFiles(_files.Folder));
    }

    public void Dispose()
    {
        _network.Dispose();
        _files.Dispose();
    }

    private Dictionary<string, float[]> Numbers() => _network.state_dict().ToDictionary(s => s.Key, s => s.Value.ToFloats());

    private static void Change(KeypointNetwork network, string nameEnd, Action<Tensor> change)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor[] matching = [.. network.state_dict().Where(s => s.Key.EndsWith(nameEnd, StringComparison.Ordinal)).Select(s => s.Value)];
        Assert.NotEmpty(matching);
        foreach (Tensor tensor in matching)
            change(tensor);
    }
}
