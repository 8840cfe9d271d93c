using KeypointPipeline.TrainerJob.Onnx.Format;
using static KeypointPipeline.TrainerJob.Onnx.Format.AttributeProto.Types;
using static KeypointPipeline.TrainerJob.Onnx.Format.TensorProto.Types;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>The operators of the standard set (version <see cref="OnnxModel.OperatorSet"/>) that networks here are made of:
/// each adds one node, with the constants it needs named after it, and works out the shape it gives.</summary>
internal static class OnnxOperators
{
    /// <summary>Converts the elements.</summary>
    public static OnnxValue Cast(this OnnxGraphBuilder graph, string name, OnnxValue x, DataType to) =>
        graph.Node(name, "Cast", [x], to, x.Shape, Attribute("to", (long)to));

    /// <summary>Inserts a dimension of size 1 at <paramref name="axis"/>.</summary>
    public static OnnxValue Unsqueeze(this OnnxGraphBuilder graph, string name, OnnxValue x, int axis)
    {
        OnnxValue axes = graph.Constant($"{name}.axes", [axis]);
        return graph.Node(name, "Unsqueeze", [x, axes], x.Type, [.. x.Shape.Take(axis), 1, .. x.Shape.Skip(axis)]);
    }

    /// <summary>Sum, element by element; a smaller operand is repeated along the dimensions it lacks or has of size 1.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static OnnxValue Add(this OnnxGraphBuilder graph, string name, OnnxValue a, OnnxValue b) =>
        graph.Node(name, "Add", [a, b], a.Type, Broadcast(name, a, b));

    /// <summary>Product, element by element, with the same repetition as <see cref="Add"/>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static OnnxValue Mul(this OnnxGraphBuilder graph, string name, OnnxValue a, OnnxValue b) =>
        graph.Node(name, "Mul", [a, b], a.Type, Broadcast(name, a, b));

    /// <summary>max(x, 0).</summary>
    public static OnnxValue Relu(this OnnxGraphBuilder graph, string name, OnnxValue x) =>
        graph.Node(name, "Relu", [x], x.Type, x.Shape);

    /// <summary>Two-dimensional convolution with bias, zero padding on all sides alike.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">[O, C, kernel height, kernel width].</param>
    /// <param name="bias">[O].</param>
    /// <param name="stride">Step, both directions.</param>
    /// <param name="padding">Pixels of zeros on each side.</param>
    /// <exception cref="ArgumentException">Channels differ, or the kernel is larger than the padded image.</exception>
    public static OnnxValue Conv(
        this OnnxGraphBuilder graph, string name, OnnxValue x, OnnxValue weight, OnnxValue bias, int stride, int padding)
    {
        if (x.Rank != 4 || weight.Rank != 4 || x.Shape[1] != weight.Shape[1] || bias.Rank != 1 || bias.Shape[0] != weight.Shape[0])
            throw new ArgumentException($"Convolution '{name}' cannot apply {weight} and {bias} to {x}.", nameof(weight));
        long height = Windows(name, x.Shape[2], weight.Shape[2], stride, padding);
        long width = Windows(name, x.Shape[3], weight.Shape[3], stride, padding);
        return graph.Node(name, "Conv", [x, weight, bias], x.Type, [x.Shape[0], weight.Shape[0], height, width],
            Window(weight.Shape[2], weight.Shape[3], stride, padding));
    }

    /// <summary>The largest element under a square window.</summary>
    /// <exception cref="ArgumentException">The window is larger than the padded image.</exception>
    public static OnnxValue MaxPool(this OnnxGraphBuilder graph, string name, OnnxValue x, int window, int stride, int padding) =>
        graph.Node(name, "MaxPool", [x], x.Type,
            [x.Shape[0], x.Shape[1], Windows(name, x.Shape[2], window, stride, padding), Windows(name, x.Shape[3], window, stride, padding)],
            Window(window, window, stride, padding));

    /// <summary>Mean over the image: [N, C, H, W] to [N, C, 1, 1].</summary>
    public static OnnxValue GlobalAveragePool(this OnnxGraphBuilder graph, string name, OnnxValue x) =>
        graph.Node(name, "GlobalAveragePool", [x], x.Type, [x.Shape[0], x.Shape[1], 1, 1]);

    /// <summary>Everything after the batch dimension in one: [N, C, H, W] to [N, C·H·W].</summary>
    public static OnnxValue Flatten(this OnnxGraphBuilder graph, string name, OnnxValue x) =>
        graph.Node(name, "Flatten", [x], x.Type, [x.Shape[0], x.Shape.Skip(1).Aggregate(1L, (product, size) => product * size)],
            Attribute("axis", 1));

    /// <summary>Fully connected layer: x · weightᵀ + bias.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">[N, I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O].</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public static OnnxValue Gemm(this OnnxGraphBuilder graph, string name, OnnxValue x, OnnxValue weight, OnnxValue bias)
    {
        if (x.Rank != 2 || weight.Rank != 2 || x.Shape[1] != weight.Shape[1] || bias.Rank != 1 || bias.Shape[0] != weight.Shape[0])
            throw new ArgumentException($"Layer '{name}' cannot apply {weight} and {bias} to {x}.", nameof(weight));
        return graph.Node(name, "Gemm", [x, weight, bias], x.Type, [x.Shape[0], weight.Shape[0]], Attribute("transB", 1));
    }

    /// <summary>The same elements in another shape.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">The elements.</param>
    /// <param name="shape">The new shape, at most one of its sizes <see cref="OnnxValue.AnyBatch"/>.</param>
    public static OnnxValue Reshape(this OnnxGraphBuilder graph, string name, OnnxValue x, params long[] shape)
    {
        OnnxValue target = graph.Constant($"{name}.shape", shape);
        return graph.Node(name, "Reshape", [x, target], x.Type, shape);
    }

    private static long Windows(string name, long size, long window, int stride, int padding)
    {
        long room = size + (2L * padding) - window;
        return room >= 0
            ? (room / stride) + 1
            : throw new ArgumentException($"'{name}' has a window of {window} on {size} pixels padded by {padding}: the frame is too small for this network.", nameof(size));
    }

    private static long[] Broadcast(string name, OnnxValue a, OnnxValue b)
    {
        long[] shape = new long[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long left = i <= a.Rank ? a.Shape[^i] : 1;
            long right = i <= b.Rank ? b.Shape[^i] : 1;
            if (left != right && left != 1 && right != 1)
                throw new ArgumentException($"'{name}' cannot combine {a} with {b}.", nameof(b));
            shape[^i] = left == 1 ? right : left;
        }

        return shape;
    }

    private static AttributeProto[] Window(long height, long width, int stride, int padding) =>
    [
        Attribute("kernel_shape", [height, width]),
        Attribute("pads", [padding, padding, padding, padding]),
        Attribute("strides", [stride, stride]),
    ];

    private static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    private static AttributeProto Attribute(string name, long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}
