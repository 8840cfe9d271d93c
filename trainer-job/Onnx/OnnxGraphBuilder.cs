using System.Buffers.Binary;
using Google.Protobuf;
using KeypointPipeline.Onnx.Format;
using static KeypointPipeline.Onnx.Format.TensorProto.Types;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>Collects a graph's inputs, constants and nodes in the order they are added, and keeps the graph well formed: names are
/// unique, a node's inputs exist before the node, and every value's shape is known.</summary>
/// <remarks>The same calls give the same graph: nothing depends on time, culture or hash order. The operators are in
/// <see cref="OnnxOperators"/>.</remarks>
/// <param name="name">The graph's name.</param>
/// <param name="description">What the graph computes, for people who open the file.</param>
internal sealed class OnnxGraphBuilder(string name, string description)
{
    private readonly GraphProto _graph = new() { Name = name, DocString = description };
    private readonly Dictionary<string, OnnxValue> _values = new(StringComparer.Ordinal);

    /// <summary>Adds a graph input.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OnnxValue Input(string name, DataType type, IReadOnlyList<long> shape, string description)
    {
        OnnxValue value = Define(name, type, shape);
        _graph.Input.Add(Describe(value, description));
        return value;
    }

    /// <summary>Adds a constant tensor of floats, row-major.</summary>
    /// <exception cref="ArgumentException">The name is taken, the data does not fill the shape, or a number is not
    /// finite.</exception>
    public OnnxValue Constant(string name, ReadOnlySpan<float> data, params IReadOnlyList<long> shape)
    {
        for (int i = 0; i < data.Length; i++)
        {
            if (!float.IsFinite(data[i]))
            {
                throw new ArgumentException(
                    $"Constant '{name}' holds {data[i]} at index {i}: a model with it cannot predict.", nameof(data));
            }
        }

        return ConstantWithGaps(name, data, shape);
    }

    /// <summary>Adds a constant tensor of floats, row-major, in which NaN marks outputs that the model does not predict.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the data does not fill the shape.</exception>
    public OnnxValue ConstantWithGaps(string name, ReadOnlySpan<float> data, params IReadOnlyList<long> shape)
    {
        byte[] bytes = new byte[data.Length * sizeof(float)];
        for (int i = 0; i < data.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), data[i]);
        return Constant(name, DataType.Float, bytes, data.Length, shape);
    }

    /// <summary>Adds a constant list of integers, such as a shape or axes.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OnnxValue Constant(string name, ReadOnlySpan<long> data)
    {
        byte[] bytes = new byte[data.Length * sizeof(long)];
        for (int i = 0; i < data.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), data[i]);
        return Constant(name, DataType.Int64, bytes, data.Length, [data.Length]);
    }

    /// <summary>Adds a constant integer without dimensions, a scalar.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OnnxValue Index(string name, long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Constant(name, DataType.Int64, bytes, 1, []);
    }

    /// <summary>Adds a node with one output, which has the node's name.</summary>
    /// <param name="name">Name of the node and of its output.</param>
    /// <param name="operatorType">An operator of the standard set, such as <c>Conv</c>.</param>
    /// <param name="inputs">Values of this graph, in the operator's order.</param>
    /// <param name="type">Element type of the output.</param>
    /// <param name="shape">Shape of the output.</param>
    /// <param name="attributes">The operator's settings.</param>
    /// <exception cref="ArgumentException">The name is taken, or an input does not belong to this graph.</exception>
    public OnnxValue Node(
        string name, string operatorType, IReadOnlyList<OnnxValue> inputs, DataType type, IReadOnlyList<long> shape,
        params IReadOnlyList<AttributeProto> attributes)
    {
        foreach (OnnxValue input in inputs)
        {
            if (!_values.TryGetValue(input.Name, out OnnxValue? known) || !ReferenceEquals(known, input))
            {
                throw new ArgumentException(
                    $"Node '{name}' takes '{input.Name}', which is not a value of graph '{_graph.Name}'.", nameof(inputs));
            }
        }

        OnnxValue output = Define(name, type, shape);
        var node = new NodeProto { Name = name, OpType = operatorType };
        node.Input.Add(inputs.Select(i => i.Name));
        node.Output.Add(name);
        node.Attribute.Add(attributes);
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>Makes a value an output of the graph.</summary>
    /// <exception cref="ArgumentException">The value does not belong to this graph.</exception>
    public void Output(OnnxValue value, string description)
    {
        if (!_values.ContainsKey(value.Name))
            throw new ArgumentException($"Output '{value.Name}' is not a value of graph '{_graph.Name}'.", nameof(value));
        _graph.Output.Add(Describe(value, description));
    }

    /// <summary>The finished graph, including the shapes of all intermediate values.</summary>
    public GraphProto Build()
    {
        GraphProto graph = _graph.Clone();
        graph.ValueInfo.Add(graph.Node
            .Select(node => node.Output[0])
            .Except(graph.Output.Select(output => output.Name))
            .Select(value => Describe(_values[value], "")));
        return graph;
    }

    private OnnxValue Constant(string name, DataType type, byte[] bytes, int count, IReadOnlyList<long> shape)
    {
        long expected = shape.Aggregate(1L, (product, size) => product * size);
        if (count != expected)
        {
            throw new ArgumentException(
                $"Constant '{name}' has {count} elements; its shape [{string.Join(", ", shape)}] takes {expected}.", nameof(shape));
        }

        OnnxValue value = Define(name, type, shape);
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Dims.Add(shape);
        _graph.Initializer.Add(tensor);
        return value;
    }

    private OnnxValue Define(string name, DataType type, IReadOnlyList<long> shape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var value = new OnnxValue(name, type, shape);
        if (!_values.TryAdd(name, value))
            throw new ArgumentException($"Graph '{_graph.Name}' already has a value '{name}'.", nameof(name));
        return value;
    }

    private static ValueInfoProto Describe(OnnxValue value, string description)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(value.Shape.Select(size => size < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = OnnxValue.NameOf(size) }
            : new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto
        {
            Name = value.Name,
            DocString = description,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Type, Shape = shape } },
        };
    }
}
