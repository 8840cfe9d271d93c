using System.Globalization;
using static KeypointPipeline.Onnx.Format.TensorProto.Types;

namespace KeypointPipeline.TrainerJob.Onnx;

/// <summary>A named tensor of a graph under construction: an input, a constant or a node's output.</summary>
/// <param name="Name">Unique among the graph's values.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes; <see cref="AnyBatch"/> for the batch dimension.</param>
internal sealed record OnnxValue(string Name, DataType Type, IReadOnlyList<long> Shape)
{
    /// <summary>In a shape, the number of images, which each run chooses.</summary>
    public const long AnyBatch = -1;

    /// <summary>In a shape, twice the number of images.</summary>
    public const long TwiceAnyBatch = -2;

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Count;

    /// <summary>Such as <c>stem.conv FLOAT [N, 32, 48, 48]</c>.</summary>
    public override string ToString() =>
        $"{Name} {Type.ToString().ToUpperInvariant()} [{string.Join(", ", Shape.Select(NameOf))}]";

    /// <summary>A size as text.</summary>
    public static string NameOf(long size) => size switch
    {
        AnyBatch => "N",
        TwiceAnyBatch => "2N",
        _ => size.ToString(CultureInfo.InvariantCulture),
    };
}
