using KeypointPipeline.Onnx.Format;
using KeypointPipeline.TrainerJob.Onnx;
using Xunit;
using static KeypointPipeline.TrainerJob.Onnx.OnnxValue;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

public sealed class OnnxGraphBuilderTests
{
    private readonly OnnxGraphBuilder _builder = new("test", "");

    [Fact]
    public void A_name_can_be_used_once()
    {
        OnnxValue x = Input("x");

        var error = Assert.Throws<ArgumentException>(() => _builder.Relu("x", x));

        Assert.Contains("already has a value 'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_takes_only_values_of_its_own_graph()
    {
        Input("x");
        OnnxValue stranger = new OnnxGraphBuilder("other", "").Input("x", TensorProto.Types.DataType.Float, [AnyBatch, 2], "");

        var error = Assert.Throws<ArgumentException>(() => _builder.Relu("relu", stranger));

        Assert.Contains("not a value of graph 'test'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Weights_that_are_not_finite_are_refused_with_their_place(float bad)
    {
        var error = Assert.Throws<ArgumentException>(() => _builder.Constant("w", [1f, 2f, bad], 3));

        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
        Assert.Contains("index 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_fills_its_shape()
    {
        var error = Assert.Throws<ArgumentException>(() => _builder.Constant("w", [1f, 2f, 3f], 2, 2));

        Assert.Contains("3 elements", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_are_written_little_endian_and_bit_for_bit()
    {
        _builder.Constant("w", [1f, -0f, float.Epsilon], 3);

        TensorProto tensor = Assert.Single(_builder.Build().Initializer);

        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x80, 1, 0, 0, 0], tensor.RawData.ToByteArray());
    }

    [Fact]
    public void A_setting_of_zero_is_written_and_not_left_out()
    {
        OnnxValue x = _builder.Input("x", TensorProto.Types.DataType.Float, [AnyBatch, 4], "");
        _builder.Output(_builder.SumOverLast("sum", x), "");

        byte[] file = OnnxModel.Serialize(_builder.Build(), [], "");

        AttributeProto keep = Assert.Single(ModelProto.Parser.ParseFrom(file).Graph.Node[0].Attribute);
        Assert.Equal("keepdims", keep.Name);
        Assert.True(keep.HasI);
        Assert.Equal(0, keep.I);
    }

    [Fact]
    public void Every_value_between_input_and_output_has_its_shape_noted()
    {
        _builder.Output(_builder.Relu("last", _builder.Relu("middle", Input("x"))), "");

        GraphProto graph = _builder.Build();

        ValueInfoProto middle = Assert.Single(graph.ValueInfo);
        Assert.Equal("middle", middle.Name);
        Assert.Equal("N", middle.Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal(2, middle.Type.TensorType.Shape.Dim[1].DimValue);
    }

    private OnnxValue Input(string name) => _builder.Input(name, TensorProto.Types.DataType.Float, [AnyBatch, 2], "");
}
