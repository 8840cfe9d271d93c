using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Google.Protobuf;
using KeypointPipeline.Onnx.Format;

namespace KeypointPipeline.Finding;

/// <summary>Changes a BlazeFace network, which takes square windows of one size, so that it takes windows of any size. One window as large as
/// the picture replaces overlapping tiles. What the network computes stays the same.</summary>
/// <remarks>Three things tie the file to its size: the stated shapes, the last reshaping, and channels of zeros of a stated size. Convolutions
/// write those channels here. They also write zeros up to a multiple of the channels that ONNX Runtime computes at once: otherwise it
/// rearranges all values before and after every pooling and addition.</remarks>
internal sealed class AnySizeNetwork
{
    /// <summary>The name of the input's height.</summary>
    public const string Rows = "rows";

    /// <summary>The name of the input's width.</summary>
    public const string Columns = "columns";

    private const string Group = "group";

    /// <summary>Channels that ONNX Runtime's convolutions compute at once on this processor.</summary>
    private static readonly int Block = Avx512F.IsSupported ? 16 : 8;

    private readonly GraphProto _graph;
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly Dictionary<string, int> _channels = [];

    /// <summary>The values that stand for others, because the node that computed those is no longer needed.</summary>
    private readonly Dictionary<string, string> _replaced = [];

    private AnySizeNetwork(GraphProto graph)
    {
        _graph = graph;
        _constants = graph.Initializer.ToDictionary(constant => constant.Name);
    }

    /// <summary>Changes a network.</summary>
    /// <param name="file">The bytes of its ONNX file.</param>
    /// <returns>The bytes of the changed file. Its outputs have the form 1 × rows × columns × numbers of a cell.</returns>
    /// <exception cref="InvalidDataException">It is no network of this kind.</exception>
    public static byte[] Of(byte[] file)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(file);
            new AnySizeNetwork(model.Graph ?? throw Refused("it is empty")).Change();
            return model.ToByteArray();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            throw Refused(e.Message, e);
        }
    }

    private static InvalidDataException Refused(string reason, Exception? innerException = null) =>
        new($"It is no network that finds faces: {reason.TrimEnd('.')}.", innerException);

    private void Change()
    {
        NodeProto[] nodes = [.. _graph.Node];
        var read = nodes.SelectMany(node => node.Input.Select(input => (input, node))).ToLookup(use => use.input, use => use.node);
        _graph.Node.Clear();
        foreach (NodeProto node in nodes)
        {
            for (int i = 0; i < node.Input.Count; i++)
                node.Input[i] = _replaced.GetValueOrDefault(node.Input[i], node.Input[i]);
            Add(node, read);
        }

        foreach (ValueInfoProto input in _graph.Input)
        {
            TensorShapeProto shape = input.Type?.TensorType?.Shape ?? throw Refused("its input has no shape");
            shape.Dim[1] = new TensorShapeProto.Types.Dimension { DimParam = Rows };
            shape.Dim[2] = new TensorShapeProto.Types.Dimension { DimParam = Columns };
        }

        foreach (ValueInfoProto output in _graph.Output)
            output.Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } };
        _graph.ValueInfo.Clear();
        _graph.Initializer.Clear();
        _graph.Initializer.Add(_graph.Node.SelectMany(node => node.Input).Distinct().Where(_constants.ContainsKey).Select(name => _constants[name]));
    }

    private void Add(NodeProto node, ILookup<string, NodeProto> read)
    {
        string output = node.Output[0];
        switch (node.OpType)
        {
            case "Conv":
                bool isLast = read[output].Any(next => next.OpType == "Transpose");
                _channels[output] = Pad(node, isLast);
                _graph.Node.Add(node);
                break;
            case "Relu" or "MaxPool":
                _channels[output] = _channels[node.Input[0]];
                _graph.Node.Add(node);
                break;
            case "Add":
                _channels[output] = node.Input.Max(input => _channels[input]);
                for (int i = 0; i < node.Input.Count; i++)
                    node.Input[i] = Widen(node.Input[i], _channels[output]);
                _graph.Node.Add(node);
                break;
            case "ConstantOfShape":
                _channels[output] = 0;
                break;
            case "Concat":
                _replaced[output] = node.Input.Single(input => _channels[input] > 0);
                break;
            case "Transpose":
                _channels[output] = _channels.GetValueOrDefault(node.Input[0], defaultValue: 3);
                if (read[output].SingleOrDefault(next => next.OpType == "Reshape") is NodeProto last)
                    node.Output[0] = last.Output[0];
                _graph.Node.Add(node);
                break;
            case "Reshape":
                break;
            default:
                throw Refused($"it has the operator {node.OpType}");
        }
    }

    /// <summary>Pads the weights of a convolution with zeros.</summary>
    /// <returns>The channels that it then writes.</returns>
    private int Pad(NodeProto node, bool isLast)
    {
        TensorProto weights = _constants[node.Input[1]];
        int outputs = (int)weights.Dims[0];
        int padded = isLast ? outputs : (outputs + Block - 1) / Block * Block;
        AttributeProto? group = node.Attribute.SingleOrDefault(attribute => attribute.Name == Group && attribute.I > 1);
        if (group is not null)
            group.I = padded;
        node.Input[1] = Constant($"{node.Output[0]}.weights", weights, padded, group is null ? _channels[node.Input[0]] : 1);
        if (node.Input.Count > 2)
            node.Input[2] = Constant($"{node.Output[0]}.bias", _constants[node.Input[2]], padded, inputs: 1);
        return padded;
    }

    /// <summary>Adds a constant: another with zeros behind its first two dimensions.</summary>
    private string Constant(string name, TensorProto from, int outputs, int inputs)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(from.RawData.Span);
        int rows = (int)from.Dims[0];
        int columns = from.Dims.Count > 1 ? (int)from.Dims[1] : 1;
        int size = values.Length / rows / columns;
        float[] padded = new float[outputs * inputs * size];
        for (int row = 0; row < rows; row++)
            values.Slice(row * columns * size, columns * size).CopyTo(padded.AsSpan(row * inputs * size));
        long[] dims = [outputs, .. from.Dims.Count > 1 ? (long[])[inputs, .. from.Dims.Skip(2)] : []];
        return Constant(name, dims, padded);
    }

    private string Constant(string name, IEnumerable<long> dims, float[] values)
    {
        _constants[name] = new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
            Dims = { dims },
        };
        return name;
    }

    /// <summary>Gives a value more channels, which are zero: a convolution of one pixel that copies the others.</summary>
    private string Widen(string value, int channels)
    {
        int own = _channels[value];
        if (own == channels)
            return value;
        float[] copy = new float[channels * own];
        for (int channel = 0; channel < own; channel++)
            copy[(channel * own) + channel] = 1;
        string wide = $"{value}.wide";
        _graph.Node.Add(new NodeProto { OpType = "Conv", Name = wide, Input = { value, Constant($"{wide}.weights", [channels, own, 1, 1], copy) }, Output = { wide } });
        return wide;
    }
}
