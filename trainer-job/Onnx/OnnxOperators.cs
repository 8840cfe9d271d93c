using Google.Protobuf;
using KeypointPipeline.Onnx.Format;
using static KeypointPipeline.Onnx.Format.AttributeProto.Types;
using static KeypointPipeline.Onnx.Format.TensorProto.Types;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>The operators of the standard set (version <see cref="OnnxModel.OperatorSet"/>) that the networks need. Each method adds
/// the operator's node, adds the constants it needs under names that start with the node's, and computes the output's shape.</summary>
internal static class OnnxOperators
{
    /// <summary>Converts the elements to another type.</summary>
    public static OnnxValue Cast(this OnnxGraphBuilder graph, string name, OnnxValue x, DataType to) =>
        graph.Node(name, "Cast", [x], to, x.Shape, Attribute("to", (long)to));

    /// <summary>Inserts a dimension of size 1 at <paramref name="axis"/>.</summary>
    public static OnnxValue Unsqueeze(this OnnxGraphBuilder graph, string name, OnnxValue x, int axis)
    {
        OnnxValue axes = graph.Constant($"{name}.axes", [axis]);
        return graph.Node(name, "Unsqueeze", [x, axes], x.Type, [.. x.Shape.Take(axis), 1, .. x.Shape.Skip(axis)]);
    }

    /// <summary>Sum, element by element. An operand is repeated along dimensions that it lacks or that have size 1.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static OnnxValue Add(this OnnxGraphBuilder graph, string name, OnnxValue a, OnnxValue b) =>
        graph.Node(name, "Add", [a, b], a.Type, Broadcast(name, a, b));

    /// <summary>Product, element by element, with the same repetition as <see cref="Add"/>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static OnnxValue Mul(this OnnxGraphBuilder graph, string name, OnnxValue a, OnnxValue b) =>
        graph.Node(name, "Mul", [a, b], a.Type, Broadcast(name, a, b));

    /// <summary>Difference, element by element, with the same repetition as <see cref="Add"/>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static OnnxValue Sub(this OnnxGraphBuilder graph, string name, OnnxValue a, OnnxValue b) =>
        graph.Node(name, "Sub", [a, b], a.Type, Broadcast(name, a, b));

    /// <summary>Quotient, element by element, with the same repetition as <see cref="Add"/>.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static OnnxValue Div(this OnnxGraphBuilder graph, string name, OnnxValue a, OnnxValue b) =>
        graph.Node(name, "Div", [a, b], a.Type, Broadcast(name, a, b));

    /// <summary>Square root, element by element.</summary>
    public static OnnxValue Sqrt(this OnnxGraphBuilder graph, string name, OnnxValue x) =>
        graph.Node(name, "Sqrt", [x], x.Type, x.Shape);

    /// <summary>max(x, 0).</summary>
    public static OnnxValue Relu(this OnnxGraphBuilder graph, string name, OnnxValue x) =>
        graph.Node(name, "Relu", [x], x.Type, x.Shape);

    /// <summary>e to the power of x.</summary>
    public static OnnxValue Exp(this OnnxGraphBuilder graph, string name, OnnxValue x) =>
        graph.Node(name, "Exp", [x], x.Type, x.Shape);

    /// <summary>Pads [N, C, H, W] with zeros on the right and at the bottom.</summary>
    public static OnnxValue PadEnd(this OnnxGraphBuilder graph, string name, OnnxValue x, long right, long bottom)
    {
        OnnxValue pads = graph.Constant($"{name}.pads", [0, 0, 0, 0, 0, 0, bottom, right]);
        return graph.Node(name, "Pad", [x, pads], x.Type, [x.Shape[0], x.Shape[1], x.Shape[2] + bottom, x.Shape[3] + right]);
    }

    /// <summary>Maps [N, 1, H, W] to [N, side², H/side, W/side]: the pixels of each square become the channels of one cell, row by row.</summary>
    public static OnnxValue SpaceToDepth(this OnnxGraphBuilder graph, string name, OnnxValue x, int side) =>
        graph.Node(name, "SpaceToDepth", [x], x.Type, [x.Shape[0], x.Shape[1] * side * side, x.Shape[2] / side, x.Shape[3] / side],
            Attribute("blocksize", side));

    /// <summary>Repeats every pixel of [N, C, h, w] to a 2×2 square, and cuts the result to [N, C, height, width].</summary>
    public static OnnxValue RepeatTwice(this OnnxGraphBuilder graph, string name, OnnxValue x, long height, long width)
    {
        OnnxValue none = graph.Constant($"{name}.roi", ReadOnlySpan<float>.Empty, 0);
        OnnxValue scales = graph.Constant($"{name}.scales", [1, 1, 2, 2], 4);
        long[] doubled = [x.Shape[0], x.Shape[1], 2 * x.Shape[2], 2 * x.Shape[3]];
        bool fits = doubled[2] == height && doubled[3] == width;
        OnnxValue repeated = graph.Node(fits ? name : $"{name}.whole", "Resize", [x, none, scales], x.Type, doubled,
            Attribute("mode", "nearest"), Attribute("coordinate_transformation_mode", "asymmetric"), Attribute("nearest_mode", "floor"));
        if (fits)
            return repeated;
        OnnxValue start = graph.Constant($"{name}.start", [0L, 0L]);
        OnnxValue end = graph.Constant($"{name}.end", [height, width]);
        OnnxValue axes = graph.Constant($"{name}.axes", [2L, 3L]);
        return graph.Node(name, "Slice", [repeated, start, end, axes], x.Type, [x.Shape[0], x.Shape[1], height, width]);
    }

    /// <summary>Reverses the elements along one dimension.</summary>
    public static OnnxValue Reverse(this OnnxGraphBuilder graph, string name, OnnxValue x, int axis)
    {
        OnnxValue start = graph.Constant($"{name}.start", [-1L]);
        OnnxValue end = graph.Constant($"{name}.end", [long.MinValue]);
        OnnxValue axes = graph.Constant($"{name}.axes", [(long)axis]);
        OnnxValue steps = graph.Constant($"{name}.steps", [-1L]);
        return graph.Node(name, "Slice", [x, start, end, axes, steps], x.Type, x.Shape);
    }

    /// <summary>Joins two batches of the same size: [N, …] and [N, …] to [2N, …].</summary>
    public static OnnxValue Stack(this OnnxGraphBuilder graph, string name, OnnxValue first, OnnxValue second) =>
        graph.Node(name, "Concat", [first, second], first.Type, [OnnxValue.TwiceAnyBatch, .. first.Shape.Skip(1)], Attribute("axis", 0));

    /// <summary>Splits what <see cref="Stack"/> joined: [2N, …] to [N, …] and [N, …].</summary>
    public static (OnnxValue First, OnnxValue Second) Halves(this OnnxGraphBuilder graph, string name, OnnxValue x)
    {
        long[] shape = [.. x.Shape.Skip(1)];
        OnnxValue target = graph.Constant($"{name}.shape", [2, OnnxValue.AnyBatch, .. shape]);
        OnnxValue both = graph.Node(name, "Reshape", [x, target], x.Type, [2, OnnxValue.AnyBatch, .. shape]);
        return (Half("first", 0), Half("second", 1));

        OnnxValue Half(string half, long index)
        {
            OnnxValue scalar = graph.Index($"{name}.{half}.index", index);
            return graph.Node($"{name}.{half}", "Gather", [both, scalar], x.Type, [OnnxValue.AnyBatch, .. shape], Attribute("axis", 0));
        }
    }

    /// <summary>The elements at the given places along dimension 1, in the order of the places.</summary>
    public static OnnxValue Pick(this OnnxGraphBuilder graph, string name, OnnxValue x, ReadOnlySpan<long> places)
    {
        OnnxValue indices = graph.Constant($"{name}.indices", places);
        return graph.Node(name, "Gather", [x, indices], x.Type, [x.Shape[0], places.Length, .. x.Shape.Skip(2)], Attribute("axis", 1));
    }

    /// <summary>Two-dimensional convolution with bias and the same zero padding on all sides.</summary>
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

    /// <summary>The largest value of every square, in adjacent squares. Rows and columns that fill no square are left out.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="side">Side of the squares.</param>
    /// <exception cref="ArgumentException">The image is smaller than a square.</exception>
    public static OnnxValue MaxPool(this OnnxGraphBuilder graph, string name, OnnxValue x, int side)
    {
        long height = Windows(name, x.Shape[2], side, side, padding: 0);
        long width = Windows(name, x.Shape[3], side, side, padding: 0);
        return graph.Node(name, "MaxPool", [x], x.Type, [x.Shape[0], x.Shape[1], height, width], Window(side, side, side, padding: 0));
    }

    /// <summary>Weighted sums of each row, plus bias.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">[N, I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O].</param>
    /// <exception cref="ArgumentException">The sizes do not fit each other.</exception>
    public static OnnxValue Gemm(this OnnxGraphBuilder graph, string name, OnnxValue x, OnnxValue weight, OnnxValue bias)
    {
        if (x.Rank != 2 || weight.Rank != 2 || x.Shape[1] != weight.Shape[1] || bias.Rank != 1 || bias.Shape[0] != weight.Shape[0])
            throw new ArgumentException($"'{name}' cannot apply {weight} and {bias} to {x}.", nameof(weight));
        return graph.Node(name, "Gemm", [x, weight, bias], x.Type, [x.Shape[0], weight.Shape[0]], Attribute("transB", 1));
    }

    /// <summary>Gives each image's elements another shape, in the same order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">[N, …].</param>
    /// <param name="shape">The new sizes after N.</param>
    /// <exception cref="ArgumentException">The new shape has more or fewer elements.</exception>
    public static OnnxValue Reshape(this OnnxGraphBuilder graph, string name, OnnxValue x, params long[] shape)
    {
        if (Product(x.Shape.Skip(1)) != Product(shape))
            throw new ArgumentException($"'{name}' cannot give {x} the shape [N, {string.Join(", ", shape)}].", nameof(shape));
        const long asBefore = 0;
        OnnxValue target = graph.Constant($"{name}.shape", [asBefore, .. shape]);
        return graph.Node(name, "Reshape", [x, target], x.Type, [x.Shape[0], .. shape]);
    }

    /// <summary>Reorders the dimensions.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">The elements.</param>
    /// <param name="order">For each dimension of the output, the dimension of the input.</param>
    public static OnnxValue Transpose(this OnnxGraphBuilder graph, string name, OnnxValue x, params long[] order) =>
        graph.Node(name, "Transpose", [x], x.Type, [.. order.Select(axis => x.Shape[(int)axis])], Attribute("perm", order));

    /// <summary>Mean over some dimensions, which keep size 1.</summary>
    public static OnnxValue Mean(this OnnxGraphBuilder graph, string name, OnnxValue x, params long[] axes) =>
        graph.Node(name, "ReduceMean", [x], x.Type, [.. x.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)],
            Attribute("axes", axes), Attribute("keepdims", 1));

    /// <summary>Sum over the last dimension, which is removed.</summary>
    public static OnnxValue SumOverLast(this OnnxGraphBuilder graph, string name, OnnxValue x)
    {
        OnnxValue axes = graph.Constant($"{name}.axes", [x.Rank - 1]);
        return graph.Node(name, "ReduceSum", [x, axes], x.Type, [.. x.Shape.SkipLast(1)], Attribute("keepdims", 0));
    }

    /// <summary>exp(x) divided by its sum along the last dimension: positive numbers that sum to 1.</summary>
    public static OnnxValue SoftmaxOverLast(this OnnxGraphBuilder graph, string name, OnnxValue x) =>
        graph.Node(name, "Softmax", [x], x.Type, x.Shape, Attribute("axis", x.Rank - 1));

    private static long Windows(string name, long size, long window, int stride, int padding)
    {
        long room = size + (2L * padding) - window;
        return room >= 0
            ? (room / stride) + 1
            : throw new ArgumentException(
                $"'{name}' has a window of {window} on {size} pixels padded by {padding}: the frame is too small.", nameof(size));
    }

    private static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);

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

    private static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private static AttributeProto Attribute(string name, long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}
