using System.Buffers.Binary;
using System.Text;

namespace KeypointPipeline.TestSupport;

/// <summary>Writes protocol-buffer messages field by field, and the messages of ONNX files. Field numbers are from onnx.proto3.</summary>
public sealed class OnnxMessage
{
    /// <summary>Element type float32.</summary>
    public const int FloatElement = 1;

    /// <summary>Element type uint8.</summary>
    public const int ByteElement = 2;

    /// <summary>Element type int64.</summary>
    public const int LongElement = 7;

    private readonly List<byte> _bytes = [];

    /// <summary>Writes a model file.</summary>
    /// <param name="graph">Its graph.</param>
    /// <param name="properties">Its metadata.</param>
    public static OnnxMessage Model(OnnxMessage graph, IEnumerable<KeyValuePair<string, string>> properties)
    {
        var model = new OnnxMessage().Add(1, 8).Add(2, "tiny-test-model").Add(7, graph).Add(8, new OnnxMessage().Add(2, 17));
        foreach ((string key, string value) in properties)
            model.Add(14, Property(key, value));
        return model;
    }

    /// <summary>One metadata property.</summary>
    public static OnnxMessage Property(string key, string value) => new OnnxMessage().Add(1, key).Add(2, value);

    /// <summary>A node with one output. Without a domain, the operator is ONNX's own.</summary>
    public static OnnxMessage Node(string operation, string[] inputs, string output, params (string Name, long Value)[] attributes)
    {
        var node = new OnnxMessage();
        foreach (string input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, output).Add(4, operation);
        foreach ((string name, long value) in attributes)
            node.Add(5, new OnnxMessage().Add(1, name).Add(3, value).Add(20, 2));
        return node;
    }

    /// <summary>Constant values.</summary>
    public static OnnxMessage Tensor(string name, int type, long[] sizes, byte[] data)
    {
        var tensor = new OnnxMessage();
        foreach (long size in sizes)
            tensor.Add(1, size);
        return tensor.Add(2, type).Add(8, name).Add(9, data);
    }

    /// <summary>An input or output: [any, sizes].</summary>
    public static OnnxMessage Value(string name, int type, params int[] sizes)
    {
        var shape = new OnnxMessage().Add(1, new OnnxMessage().Add(2, "N"));
        foreach (int size in sizes)
            shape.Add(1, new OnnxMessage().Add(1, size));
        return new OnnxMessage().Add(1, name).Add(2, new OnnxMessage().Add(1, new OnnxMessage().Add(1, type).Add(2, shape)));
    }

    /// <summary>A tensor's data.</summary>
    public static byte[] Floats(params float[] values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        return bytes;
    }

    /// <summary>A tensor's data.</summary>
    public static byte[] Longs(params long[] values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        return bytes;
    }

    /// <summary>Adds a number.</summary>
    public OnnxMessage Add(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    /// <summary>Adds text.</summary>
    public OnnxMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a message.</summary>
    public OnnxMessage Add(int field, OnnxMessage value) => Add(field, value.ToArray());

    /// <summary>Adds bytes.</summary>
    public OnnxMessage Add(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    /// <summary>The bytes of the message.</summary>
    public byte[] ToArray() => [.. _bytes];

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
