using KeypointPipeline.Onnx.Format;
using KeypointPipeline.TrainerJob.Networks;
using Xunit;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

/// <summary>What readers other than ONNX Runtime rely on: the rules of the format, checked on an exported file.</summary>
public sealed class OnnxStructureTests : IDisposable
{
    private readonly OnnxExportFixture _files = new();
    private readonly ModelProto _model;

    public OnnxStructureTests()
    {
        using KeypointNetwork network = SettledNetwork.Create("ml-resnet", OnnxExportFixture.Schema(6, 48, 40), seed: 6);
        _model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_files.Export(network)));
    }

    private GraphProto Graph => _model.Graph;

    [Fact]
    public void Versions_and_producer_are_stated()
    {
        Assert.Equal(8, _model.IrVersion);
        OperatorSetIdProto operators = Assert.Single(_model.OpsetImport);
        Assert.Equal(("", 17L), (operators.Domain, operators.Version));
        Assert.Equal("KeypointPipeline", _model.ProducerName);
        Assert.Matches(@"^\d+\.\d+\.\d+$", _model.ProducerVersion);
    }

    [Fact]
    public void Input_and_outputs_are_as_the_design_says()
    {
        ValueInfoProto input = Assert.Single(Graph.Input);

        Assert.Equal(("images", "Uint8 [N, 40, 48]"), (input.Name, Describe(input)));
        Assert.Equal(
            [("keypoints", "Float [N, 6, 2]"), ("uncertainty", "Float [N, 6]")],
            Graph.Output.Select(output => (output.Name, Describe(output))));
    }

    [Fact]
    public void Every_node_finds_its_inputs_already_made()
    {
        HashSet<string> made = [.. Graph.Input.Select(i => i.Name), .. Graph.Initializer.Select(i => i.Name)];
        foreach (NodeProto node in Graph.Node)
        {
            Assert.All(node.Input, input => Assert.Contains(input, made));
            made.UnionWith(node.Output);
        }

        Assert.All(Graph.Output, output => Assert.Contains(output.Name, made));
    }

    [Fact]
    public void Names_stand_once()
    {
        AssertDistinct([.. Graph.Node.Select(n => n.Name)]);
        AssertDistinct(
        [
            .. Graph.Input.Select(i => i.Name),
            .. Graph.Initializer.Select(i => i.Name),
            .. Graph.Node.SelectMany(n => n.Output),
        ]);
        AssertDistinct([.. _model.MetadataProps.Select(p => p.Key)]);
        Assert.All(Graph.Node, node => AssertDistinct([.. node.Attribute.Select(a => a.Name)]));
    }

    [Fact]
    public void Nothing_is_left_unused()
    {
        HashSet<string> used = [.. Graph.Node.SelectMany(n => n.Input), .. Graph.Output.Select(o => o.Name)];

        Assert.All(Graph.Initializer, constant => Assert.Contains(constant.Name, used));
        Assert.All(Graph.Node.SelectMany(n => n.Output), value => Assert.Contains(value, used));
    }

    [Fact]
    public void Constants_fill_their_shapes()
    {
        Assert.All(Graph.Initializer, constant =>
        {
            int width = (TensorProto.Types.DataType)constant.DataType switch
            {
                TensorProto.Types.DataType.Float => sizeof(float),
                TensorProto.Types.DataType.Int64 => sizeof(long),
                var other => throw new InvalidDataException($"{constant.Name} is {other}."),
            };
            Assert.Equal(constant.Dims.Aggregate(1L, (product, size) => product * size) * width, constant.RawData.Length);
        });
    }

    [Fact]
    public void Every_setting_has_one_value_of_its_type()
    {
        Assert.All(Graph.Node.SelectMany(n => n.Attribute), attribute =>
        {
            Assert.Equal(attribute.Type == AttributeProto.Types.AttributeType.Int, attribute.HasI);
            Assert.Equal(attribute.Type == AttributeProto.Types.AttributeType.Ints, attribute.Ints.Count > 0);
            Assert.True(attribute.HasI || attribute.Ints.Count > 0);
        });
    }

    [Fact]
    public void Batch_norm_is_folded_into_the_convolutions()
    {
        Assert.DoesNotContain("BatchNormalization", Graph.Node.Select(n => n.OpType));
        Assert.All(Graph.Node.Where(n => n.OpType == "Conv"), convolution => Assert.Equal(3, convolution.Input.Count));
    }

    [Fact]
    public void Every_value_between_input_and_output_has_its_shape_noted()
    {
        Assert.Equal(
            Graph.Node.SelectMany(n => n.Output).Except(Graph.Output.Select(o => o.Name)),
            Graph.ValueInfo.Select(v => v.Name));
        Assert.Equal("Float [N, 160, 3, 3]", Describe(Graph.ValueInfo.Single(v => v.Name == "residual5")));
    }

    public void Dispose() => _files.Dispose();

    private static void AssertDistinct(IReadOnlyCollection<string> names)
    {
        Assert.DoesNotContain("", names);
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    private static string Describe(ValueInfoProto value)
    {
        TypeProto.Types.Tensor tensor = value.Type.TensorType;
        IEnumerable<string> sizes = tensor.Shape.Dim.Select(d => d.HasDimParam ? d.DimParam : d.DimValue.ToString());
        return $"{(TensorProto.Types.DataType)tensor.ElemType} [{string.Join(", ", sizes)}]";
    }
}
