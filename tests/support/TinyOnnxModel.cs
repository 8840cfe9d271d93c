using System.Buffers.Binary;
using System.Text;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.TestSupport;

/// <summary>Writes small, valid model files that ONNX Runtime runs, without a trainer: each keypoint is an affine function of the
/// image's bytes, divided on demand by their sum. Protocol-buffer wire format by hand, field numbers from onnx.proto3.</summary>
public static class TinyOnnxModel
{
    private const int Float = 1;
    private const int UInt8 = 2;
    private const int Int64 = 7;

    /// <summary>Predicts the same points for every image.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="points">K·2 coordinates.</param>
    public static byte[] Constant(KeypointSchema schema, params float[] points) =>
        Build(schema, new float[schema.FrameSize * schema.Count * 2], points, dividesBySum: false);

    /// <summary>Predicts, for every keypoint, the image's centre of brightness (Σ I·x ÷ Σ I, Σ I·y ÷ Σ I) plus an offset of its own.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="offsets">K·2 offsets; all zero where none is given.</param>
    public static byte[] Centroid(KeypointSchema schema, params float[] offsets)
    {
        int outputs = schema.Count * 2;
        float[] weights = new float[schema.FrameSize * outputs];
        for (int pixel = 0; pixel < schema.FrameSize; pixel++)
        {
            for (int o = 0; o < outputs; o++)
                weights[(pixel * outputs) + o] = o % 2 == 0 ? pixel % schema.FrameWidth : pixel / schema.FrameWidth;
        }

        return Build(schema, weights, offsets.Length == 0 ? new float[outputs] : offsets, dividesBySum: true);
    }

    /// <summary>Predicts <c>bytes · weights + bias</c>.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="weights">H·W rows of K·2 columns.</param>
    /// <param name="bias">K·2 values.</param>
    public static byte[] Affine(KeypointSchema schema, float[] weights, float[] bias) =>
        Build(schema, weights, bias, dividesBySum: false);

    /// <summary>Predicts the same points for every image, and as each keypoint's uncertainty the image's mean byte times a factor
    /// of its own.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="points">K·2 coordinates.</param>
    /// <param name="factors">K factors; with another number the output has a wrong shape.</param>
    /// <param name="output">Name of the second output.</param>
    public static byte[] Uncertain(KeypointSchema schema, float[] points, float[] factors, string output = ModelMetadata.UncertaintyName)
    {
        float[] weights = [.. Enumerable.Range(0, schema.FrameSize).SelectMany(_ => factors.Select(f => f / schema.FrameSize))];
        return Build(schema, new float[schema.FrameSize * schema.Count * 2], points, dividesBySum: false, graph => graph
            .Add(1, Node("MatMul", ["flat", "factors"], output))
            .Add(5, Tensor("factors", Float, [schema.FrameSize, factors.Length], Floats(weights)))
            .Add(12, Value(output, Float, [factors.Length])));
    }

    /// <summary>Adds <see cref="ModelMetadata.SparseOffsets"/> to a model: one property more. A protocol-buffer message that follows another
    /// is merged with it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">Its keypoints and frame.</param>
    /// <param name="offsets">K·2 offsets.</param>
    public static byte[] WithSparseOffsets(byte[] model, KeypointSchema schema, params float[] offsets)
    {
        (string key, string value) = new ModelMetadata(schema, "", null, "", new SparseOffsets(offsets)).ToProperties()[^1];
        return [.. model, .. new Message().Add(14, new Message().Add(1, key).Add(2, value)).ToArray()];
    }

    private static byte[] Build(
        KeypointSchema schema, float[] weights, float[] bias, bool dividesBySum, Func<Message, Message>? second = null)
    {
        int outputs = schema.Count * 2;
        if (weights.Length != schema.FrameSize * outputs || bias.Length != outputs)
            throw new ArgumentException($"{schema} needs {schema.FrameSize * outputs} weights and {outputs} offsets.");

        var graph = new Message()
            .Add(1, Node("Cast", [ModelMetadata.InputName], "pixels", ("to", Float)))
            .Add(1, Node("Flatten", ["pixels"], "flat", ("axis", 1)))
            .Add(1, Node("MatMul", ["flat", "weights"], "weighted"));
        if (dividesBySum)
        {
            graph.Add(1, Node("MatMul", ["flat", "ones"], "sum"))
                .Add(1, Node("Div", ["weighted", "sum"], "scaled"));
        }

        graph.Add(1, Node("Add", [dividesBySum ? "scaled" : "weighted", "bias"], "moved"))
            .Add(1, Node("Reshape", ["moved", "shape"], ModelMetadata.OutputName))
            .Add(2, "tiny")
            .Add(5, Tensor("weights", Float, [schema.FrameSize, outputs], Floats(weights)))
            .Add(5, Tensor("bias", Float, [outputs], Floats(bias)))
            .Add(5, Tensor("shape", Int64, [3], Longs([-1, schema.Count, 2])));
        if (dividesBySum)
            graph.Add(5, Tensor("ones", Float, [schema.FrameSize, 1], Floats([.. Enumerable.Repeat(1f, schema.FrameSize)])));
        graph.Add(11, Value(ModelMetadata.InputName, UInt8, [schema.FrameHeight, schema.FrameWidth]))
            .Add(12, Value(ModelMetadata.OutputName, Float, [schema.Count, 2]));
        second?.Invoke(graph);

        var model = new Message().Add(1, 8).Add(2, "tiny-test-model").Add(7, graph).Add(8, new Message().Add(2, 17));
        foreach ((string key, string value) in new ModelMetadata(schema, "tiny", null, "none").ToProperties())
            model.Add(14, new Message().Add(1, key).Add(2, value));
        return model.ToArray();
    }

    private static Message Node(string operation, string[] inputs, string output, params (string Name, long Value)[] attributes)
    {
        var node = new Message();
        foreach (string input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, output).Add(4, operation);
        foreach ((string name, long value) in attributes)
            node.Add(5, new Message().Add(1, name).Add(3, value).Add(20, 2));
        return node;
    }

    private static Message Tensor(string name, int type, long[] sizes, byte[] data)
    {
        var tensor = new Message();
        foreach (long size in sizes)
            tensor.Add(1, size);
        return tensor.Add(2, type).Add(8, name).Add(9, data);
    }

    private static Message Value(string name, int type, int[] sizes)
    {
        var shape = new Message().Add(1, new Message().Add(2, "N"));
        foreach (int size in sizes)
            shape.Add(1, new Message().Add(1, size));
        return new Message().Add(1, name).Add(2, new Message().Add(1, new Message().Add(1, type).Add(2, shape)));
    }

    private static byte[] Floats(float[] values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        return bytes;
    }

    private static byte[] Longs(long[] values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        return bytes;
    }

    /// <summary>One protocol-buffer message, field by field.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public Message Add(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Message Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

        public Message Add(int field, Message value) => Add(field, value.ToArray());

        public Message Add(int field, byte[] value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public byte[] ToArray() => [.. _bytes];

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                _bytes.Add((byte)(value | 0x80));
            _bytes.Add((byte)value);
        }
    }
}
