using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using Xunit;
using static KeypointPipeline.TestSupport.OnnxMessage;

namespace KeypointPipeline.Shared.Tests.Models;

/// <summary>Files that are no model of this pipeline, or pretend to be one.</summary>
public sealed class ForeignModelTests
{
    private static readonly KeypointSchema Schema = new(["left", "right"], 8, 8);
    private static readonly byte[] Good = TinyOnnxModel.Constant(Schema, 1, 2, 3, 4);
    private static readonly OnnxMessage Input = Value("images", ByteElement, 8, 8);
    private static readonly OnnxMessage Output = Value("keypoints", FloatElement, 2, 2);
    private static readonly OnnxMessage Cast = Node("Cast", ["images"], "pixels", ("to", FloatElement));
    private static readonly OnnxMessage Flatten = Node("Flatten", ["pixels"], "flat", ("axis", 1));

    public static TheoryData<string, byte[], string> Foreign => new()
    {
        { "nothing", [], "No graph was found" },
        { "text", "hello world, I am a model"u8.ToArray(), "protobuf parsing failed" },
        { "zeros", new byte[4_096], "protobuf parsing failed" },
        { "cut short", Good[..^1], "protobuf parsing failed" },
        { "ONNX Runtime's other format", [8, 0, 0, 0, .. "ORTM"u8, .. new byte[64]], "protobuf parsing failed" },
        { "no graph", Model(new OnnxMessage(), Properties()).ToArray(), "cannot be used as a model" },
        { "no metadata", Model(Graph([Cast, Flatten], Output), []).ToArray(), "cannot be used as a model" },
        { "another program's metadata", File([], "author", "somebody"), "metadata property 'keypoints.format' is missing" },
        { "conventions of the future", File([], ModelMetadata.FormatKey, "2"), "follows conventions '2'" },
        { "a schema that is none", File(Properties(), ModelMetadata.SchemaKey, "[]"), "'keypoints.schema' is not a keypoint schema" },
        { "a schema of one point more", File(Properties(), ModelMetadata.SchemaKey, """{"names":["a","b","c"],"frameWidth":8,"frameHeight":8}"""), "'keypoints' is Float [any, 2, 2]; expected one output, 'keypoints' Float [any, 3, 2]" },
        { "a schema of another frame", File(Properties(), ModelMetadata.SchemaKey, """{"names":["a","b"],"frameWidth":9,"frameHeight":8}"""), "'images' is UInt8 [any, 8, 8]; expected one input, 'images' UInt8 [any, 8, 9]" },
        { "an error that is no number", File(Properties(), ModelMetadata.ValidationRmseKey, "NaN"), "'keypoints.validation_rmse' is 'NaN'" },
        { "an unknown operator", Model(Graph([Node("Think", ["images"], "keypoints")], Output), Properties()).ToArray(), "No Op registered for Think" },
        { "somebody's own operator", Model(Graph([Node("Think", ["images"], "keypoints").Add(7, "example.com")], Output), Properties()).ToArray(), "No opset import for domain 'example.com'" },
        { "another input", Model(new OnnxMessage().Add(1, Node("Cast", ["picture"], "keypoints", ("to", FloatElement))).Add(2, "g").Add(11, Value("picture", ByteElement, 8, 8)).Add(12, Output), Properties()).ToArray(), "inputs are 'picture'; expected one input, 'images' UInt8 [any, 8, 8]" },
        { "an input of floats", Model(new OnnxMessage().Add(1, Flatten).Add(1, Node("Identity", ["images"], "pixels")).Add(1, Node("Identity", ["flat"], "keypoints")).Add(2, "g").Add(11, Value("images", FloatElement, 8, 8)).Add(12, Value("keypoints", FloatElement, 64)), Properties()).ToArray(), "'images' is Float [any, 8, 8]" },
        { "another output", Model(Graph([Cast, Node("Flatten", ["pixels"], "probabilities", ("axis", 1))], Value("probabilities", FloatElement, 64)), Properties()).ToArray(), "outputs are 'probabilities'; expected one output, 'keypoints' Float [any, 2, 2]" },
        { "no output", Model(new OnnxMessage().Add(1, Cast).Add(2, "g").Add(11, Input), Properties()).ToArray(), "expected one output, 'keypoints'" },
        { "an output of bytes", Model(Graph([Node("Identity", ["images"], "keypoints")], Value("keypoints", ByteElement, 8, 8)), Properties()).ToArray(), "'keypoints' is UInt8 [any, 8, 8]" },
        { "an output that is a list", Model(Graph([Node("SequenceConstruct", ["images"], "keypoints")], new OnnxMessage().Add(1, "keypoints").Add(2, new OnnxMessage().Add(4, new OnnxMessage().Add(1, new OnnxMessage().Add(1, new OnnxMessage().Add(1, ByteElement)))))), Properties()).ToArray(), "'keypoints' is not a tensor" },
        { "an output of another shape than declared", Model(Graph([Node("Cast", ["images"], "keypoints", ("to", FloatElement))], Output), Properties()).ToArray(), "'keypoints' is Float [any, any, any]" },
        { "one batch size", Model(Graph([Node("Identity", ["w"], "keypoints")], Output).Add(5, Tensor("w", FloatElement, [1, 2, 2], Floats(1, 2, 3, 4))), Properties()).ToArray(), "takes batches of 1 only" },
        { "a shape that only a run shows", Model(Graph([Node("Shape", ["images"], "shape"), Node("ConstantOfShape", ["shape"], "zeros"), Node("Identity", ["zeros"], "keypoints")], Output), Properties()).ToArray(), "ConstantOfShape" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_foreign_file_is_refused_by_name_with_what_is_wrong(string what, byte[] file, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => KeypointModel.Open(file, $"{what}.onnx"));

        Assert.StartsWith($"{what}.onnx cannot be used as a model: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_damaged_anywhere_opens_or_is_refused_and_nothing_worse()
    {
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. Good];
            for (int k = random.Next(1, 4); k > 0; k--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (i % 4 == 0)
                damaged = damaged[..random.Next(damaged.Length)];

            Exception? error = Record.Exception(() =>
            {
                using var model = KeypointModel.Open(damaged, "damaged.onnx");
                model.Predict(new byte[model.Schema.FrameSize], 1, new float[model.Schema.Count * 2]);
            });

            Assert.True(error is null or InvalidDataException { Message.Length: > 40 }, error?.ToString());
            refused += error is null ? 0 : 1;
        }

        Assert.InRange(refused, 100, 399);
    }

    [Theory]
    [InlineData("weights.bin")]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("*/_ORT_MEM_ADDR_/*")]
    public void Weights_in_other_files_are_refused_wherever_they_lie(string location)
    {
        using TemporaryFolder folder = TestFolder.Create("model");
        System.IO.File.WriteAllBytes(folder.File("weights.bin"), new byte[4 * 64 * 4]);
        OnnxMessage weights = new OnnxMessage().Add(1, 64).Add(1, 4).Add(2, FloatElement).Add(8, "w")
            .Add(13, new OnnxMessage().Add(1, "location").Add(2, location)).Add(14, 1);
        byte[] file = WithWeights(weights);
        System.IO.File.WriteAllBytes(folder.File("model.onnx"), file);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => KeypointModel.Open(folder.File("model.onnx")));

        Assert.Equal(
            $"{folder.File("model.onnx")} cannot be used as a model: it keeps weights in other files. Save the model with its weights as one file.", error.Message);
    }

    [Fact]
    public void The_same_weights_inside_the_file_are_read()
    {
        float[] weights = new float[64 * 4];
        weights[0] = 1;
        using var model = KeypointModel.Open(WithWeights(Tensor("w", FloatElement, [64, 4], Floats(weights))), "whole.onnx");
        byte[] image = new byte[64];
        image[0] = 7;
        float[] points = new float[4];

        model.Predict(image, 1, points);

        Assert.Equal([7, 0, 0, 0], points);
    }

    [Fact]
    public void Weights_in_other_files_are_found_in_branches_functions_and_sparse_tensors_too()
    {
        OnnxMessage outside = new OnnxMessage().Add(1, 1).Add(2, FloatElement).Add(8, "w").Add(14, 1);
        OnnxMessage Branch(OnnxMessage graph) => new OnnxMessage().Add(1, new OnnxMessage().Add(5, new OnnxMessage().Add(1, "then_branch").Add(6, graph)));
        OnnxMessage[] places =
        [
            new OnnxMessage().Add(7, Branch(new OnnxMessage().Add(5, outside))),
            new OnnxMessage().Add(7, Branch(Branch(new OnnxMessage().Add(15, new OnnxMessage().Add(1, outside))))),
            new OnnxMessage().Add(7, new OnnxMessage().Add(1, new OnnxMessage().Add(5, new OnnxMessage().Add(5, outside)))),
            new OnnxMessage().Add(25, new OnnxMessage().Add(7, new OnnxMessage().Add(5, new OnnxMessage().Add(10, outside)))),
            new OnnxMessage().Add(20, new OnnxMessage().Add(1, new OnnxMessage().Add(5, outside))),
        ];

        Assert.All(places, place => Assert.True(ExternalWeights.AnyIn(place.ToArray())));
        Assert.False(ExternalWeights.AnyIn(Good));
    }

    [Fact]
    public void Graphs_within_graphs_without_end_are_refused()
    {
        var graph = new OnnxMessage();
        for (int depth = 0; depth < 200; depth++)
            graph = new OnnxMessage().Add(1, new OnnxMessage().Add(5, new OnnxMessage().Add(6, graph)));

        Assert.True(ExternalWeights.AnyIn(new OnnxMessage().Add(7, graph).ToArray()));
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_refused_before_it_is_read()
    {
        using TemporaryFolder folder = TestFolder.Create("model");
        using (FileStream file = System.IO.File.Create(folder.File("model.onnx")))
            file.SetLength(KeypointModel.LargestFile + 1L);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => KeypointModel.Open(folder.File("model.onnx")));

        Assert.EndsWith("it has 1,073,741,825 bytes; at most 1,073,741,824 are read.", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string>> Properties() => new ModelMetadata(Schema, "tiny", null, "none").ToProperties();

    /// <summary>A good graph with a property more, or another value of one.</summary>
    private static byte[] File(IEnumerable<KeyValuePair<string, string>> properties, string key, string value) =>
        WithWeights(Tensor("w", FloatElement, [64, 4], new byte[4 * 64 * 4]), [.. properties.Where(property => property.Key != key), new(key, value)]);

    private static byte[] WithWeights(OnnxMessage weights, IEnumerable<KeyValuePair<string, string>>? properties = null) => Model(
        Graph([Cast, Flatten, Node("MatMul", ["flat", "w"], "four"), Node("Reshape", ["four", "shape"], "keypoints")], Output)
            .Add(5, weights)
            .Add(5, Tensor("shape", LongElement, [3], Longs(-1, 2, 2))),
        properties ?? Properties()).ToArray();

    private static OnnxMessage Graph(OnnxMessage[] nodes, OnnxMessage output)
    {
        var graph = new OnnxMessage();
        foreach (OnnxMessage node in nodes)
            graph.Add(1, node);
        return graph.Add(2, "g").Add(11, Input).Add(12, output);
    }
}
