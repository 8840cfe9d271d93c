using KeypointPipeline.Keypoints;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace KeypointPipeline.Models;

/// <content>Reads the metadata of an opened model and refuses a model of another kind.</content>
public sealed partial record ModelMetadata
{
    /// <summary>Name of the optional second output, float32, N×K: the expected error of each keypoint as root mean square per
    /// coordinate, in frame pixels.</summary>
    public const string UncertaintyName = "uncertainty";

    /// <summary>ONNX Runtime's value for a dimension that may have any size.</summary>
    private const int Dynamic = -1;

    /// <summary>Reads the metadata of an opened model and checks that its input and outputs match. The model must have one input,
    /// <c>images</c> uint8 [any, height, width], and the output <c>keypoints</c> float32 [any, K, 2]. It may have the output
    /// <c>uncertainty</c> float32 [any, K].</summary>
    /// <param name="session">The opened model.</param>
    /// <exception cref="InvalidDataException">The file is not a model of this pipeline. The message says why; the caller adds the file's
    /// name.</exception>
    public static ModelMetadata Read(InferenceSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        ModelMetadata metadata = FromProperties(session.ModelMetadata.CustomMetadataMap);
        KeypointSchema schema = metadata.Schema;
        Check("input", session.InputMetadata, new Port(InputName, TensorElementType.UInt8, [schema.FrameHeight, schema.FrameWidth]));
        Check(
            "output",
            session.OutputMetadata,
            new Port(OutputName, TensorElementType.Float, [schema.Count, 2]),
            new Port(UncertaintyName, TensorElementType.Float, [schema.Count]));
        return metadata;
    }

    private static void Check(string side, IReadOnlyDictionary<string, NodeMetadata> actual, Port required, Port? optional = null)
    {
        string expected = $"expected one {side}, {required}" + (optional is null ? "" : $", and optionally {optional}");
        if (!actual.ContainsKey(required.Name) || actual.Keys.Any(name => name != required.Name && name != optional?.Name))
        {
            string names = string.Join(", ", actual.Keys.Select(key => $"'{key}'"));
            throw new InvalidDataException($"The model's {side}s are {names}; {expected}.");
        }

        Check(side, actual[required.Name], required, expected);
        if (optional is not null && actual.TryGetValue(optional.Name, out NodeMetadata? node))
            Check(side, node, optional, expected);
    }

    private static void Check(string side, NodeMetadata node, Port port, string expected)
    {
        if (!node.IsTensor)
            throw new InvalidDataException($"The model's {side} '{port.Name}' is not a tensor; {expected}.");
        if (node.ElementDataType != port.Type || node.Dimensions.Length == 0 || !node.Dimensions.AsSpan(1).SequenceEqual(port.Sizes))
        {
            throw new InvalidDataException(
                $"The model's {side} '{port.Name}' is {Describe(node.ElementDataType, node.Dimensions)}; {expected}.");
        }

        if (node.Dimensions[0] != Dynamic)
            throw new InvalidDataException($"The model's {side} '{port.Name}' takes batches of {node.Dimensions[0]} only; {expected}.");
    }

    private static string Describe(TensorElementType type, IEnumerable<int> dimensions) =>
        $"{type} [{string.Join(", ", dimensions.Select(d => d == Dynamic ? "any" : d.ToString()))}]";

    /// <summary>An expected input or output with the shape [any, <paramref name="Sizes"/>].</summary>
    private sealed record Port(string Name, TensorElementType Type, int[] Sizes)
    {
        public override string ToString() => $"'{Name}' {Describe(Type, [Dynamic, .. Sizes])}";
    }
}
