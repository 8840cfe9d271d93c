using KeypointPipeline.Keypoints;
using KeypointPipeline.Onnx.Format;
using KeypointPipeline.TrainerJob.Onnx;
using Microsoft.ML.OnnxRuntime;
using Xunit;
using static KeypointPipeline.Onnx.Format.TensorProto.Types;
using ModelMetadata = KeypointPipeline.Models.ModelMetadata;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

public sealed class ModelMetadataTests
{
    private static readonly ModelMetadata Metadata =
        new(new KeypointSchema(["eye", "nose \"tip\" é"], 9, 8), "ml-resnet", 1.25, "sha256:ab");

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    [InlineData(1.8437000000000001)]
    [InlineData(1e-300)]
    public void Properties_read_back_to_the_same_metadata(double? rmse)
    {
        ModelMetadata metadata = Metadata with { ValidationRmse = rmse };

        Assert.Equal(metadata, ModelMetadata.FromProperties(metadata.ToProperties().ToDictionary()));
    }

    [Fact]
    public void Keypoints_without_predictions_or_calibration_read_back()
    {
        ModelMetadata metadata = Metadata with { Gaps = new LabelGaps(["eye"], ["nose \"tip\" é"]) };

        Assert.Equal(metadata, ModelMetadata.FromProperties(metadata.ToProperties().ToDictionary()));
        Assert.NotEqual(metadata, Metadata);
    }

    [Theory]
    [InlineData("[\"chin\"]")]
    [InlineData("{}")]
    [InlineData("nothing")]
    public void Gaps_that_name_no_keypoint_of_the_model_are_refused(string json)
    {
        Dictionary<string, string> properties = Metadata.ToProperties().ToDictionary();
        properties[ModelMetadata.UnlabelledKey] = json;

        Assert.Contains(ModelMetadata.UnlabelledKey, Assert.Throws<InvalidDataException>(() => ModelMetadata.FromProperties(properties)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Properties_of_other_tools_are_left_alone()
    {
        Dictionary<string, string> properties = Metadata.ToProperties().ToDictionary();
        properties["author"] = "somebody";

        Assert.Equal(Metadata, ModelMetadata.FromProperties(properties));
    }

    [Theory]
    [InlineData(ModelMetadata.FormatKey, "Not a KeypointPipeline model")]
    [InlineData(ModelMetadata.SchemaKey, "'keypoints.schema' is missing")]
    [InlineData(ModelMetadata.NetworkKey, "'keypoints.network' is missing")]
    [InlineData(ModelMetadata.DataFingerprintKey, "'keypoints.data_fingerprint' is missing")]
    public void A_missing_property_is_named(string key, string expected)
    {
        Dictionary<string, string> properties = Metadata.ToProperties().ToDictionary();
        properties.Remove(key);

        var error = Assert.Throws<InvalidDataException>(() => ModelMetadata.FromProperties(properties));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelMetadata.FormatKey, "2", "conventions '2'")]
    [InlineData(ModelMetadata.SchemaKey, "{", "not a keypoint schema")]
    [InlineData(ModelMetadata.SchemaKey, "null", "not a keypoint schema")]
    [InlineData(ModelMetadata.SchemaKey, "{}", "not a keypoint schema")]
    [InlineData(ModelMetadata.SchemaKey, """{"names":["a","a"],"frameWidth":9,"frameHeight":8}""", "'a' occurs twice")]
    [InlineData(ModelMetadata.SchemaKey, """{"names":["a"],"frameWidth":9,"frameHeight":4}""", "not a keypoint schema")]
    [InlineData(ModelMetadata.ValidationRmseKey, "1,5", "'1,5'")]
    [InlineData(ModelMetadata.ValidationRmseKey, "-1", "'-1'")]
    [InlineData(ModelMetadata.ValidationRmseKey, "NaN", "'NaN'")]
    public void A_malformed_property_is_named(string key, string value, string expected)
    {
        Dictionary<string, string> properties = Metadata.ToProperties().ToDictionary();
        properties[key] = value;

        var error = Assert.Throws<InvalidDataException>(() => ModelMetadata.FromProperties(properties));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_keeps_its_word_is_read()
    {
        Assert.Equal(Metadata, Read(Model("images", DataType.Uint8, [-1, 8, 9], "keypoints", 4)));
    }

    [Theory]
    [InlineData("input", (int)DataType.Uint8, -1, 8, 9, "keypoints", "inputs are 'input'; expected one input, 'images' UInt8 [any, 8, 9]")]
    [InlineData("images", (int)DataType.Float, -1, 8, 9, "keypoints", "'images' is Float [any, 8, 9]")]
    [InlineData("images", (int)DataType.Uint8, -1, 9, 8, "keypoints", "'images' is UInt8 [any, 9, 8]; expected one input, 'images' UInt8 [any, 8, 9]")]
    [InlineData("images", (int)DataType.Uint8, 1, 8, 9, "keypoints", "takes batches of 1 only")]
    [InlineData("images", (int)DataType.Uint8, -1, 8, 9, "points", "outputs are 'points'; expected one output, 'keypoints' Float [any, 2, 2]")]
    public void A_graph_that_does_not_fit_its_metadata_is_described(
        string input, int type, int batch, int height, int width, string output, string expected)
    {
        byte[] file = Model(input, (DataType)type, [batch, height, width], output, 4);

        var error = Assert.Throws<InvalidDataException>(() => Read(file));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_gives_another_number_of_keypoints_is_described()
    {
        byte[] file = Model("images", DataType.Uint8, [-1, 8, 9], "keypoints", 6);

        var error = Assert.Throws<InvalidDataException>(() => Read(file));

        Assert.Contains("'keypoints' is Float [any, 3, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_model_is_described()
    {
        GraphProto graph = OnnxGraphRunner.Graph([-1, 3], (g, x) => g.Relu("y", x));

        var error = Assert.Throws<InvalidDataException>(() => Read(OnnxModel.Serialize(graph, [], "")));

        Assert.Contains("Not a KeypointPipeline model", error.Message, StringComparison.Ordinal);
    }

    private static ModelMetadata Read(byte[] file)
    {
        using var session = new InferenceSession(file);
        return ModelMetadata.Read(session);
    }

    /// <summary>A model whose metadata is <see cref="Metadata"/>, whatever its graph takes and gives; each coordinate is the sum of
    /// the image's bytes.</summary>
    private static byte[] Model(string input, DataType type, long[] shape, string output, int coordinates)
    {
        var graph = new OnnxGraphBuilder("test", "");
        OnnxValue image = graph.Unsqueeze("image", graph.Cast("grey", graph.Input(input, type, shape, ""), DataType.Float), axis: 1);
        float[] weights = [.. Enumerable.Repeat(1f, (int)(coordinates * shape[1] * shape[2]))];
        OnnxValue ones = graph.Constant("ones", weights, coordinates, 1, shape[1], shape[2]);
        OnnxValue zeros = graph.Constant("zeros", new float[coordinates], coordinates);
        OnnxValue sums = graph.Conv("sums", image, ones, zeros, stride: 1, padding: 0);
        graph.Output(graph.Reshape(output, sums, coordinates / 2, 2), "");
        return OnnxModel.Serialize(graph.Build(), Metadata.ToProperties(), "");
    }
}
