using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace KeypointPipeline.Models;

/// <content>Reading from an opened model, and refusing one that is not ours.</content>
public sealed partial record ModelMetadata
{
    /// <summary>How ONNX Runtime writes a dimension that may be any size.</summary>
    private const int Dynamic = -1;

    /// <summary>Reads the metadata of an opened model and checks that the graph takes and gives what it says: one input
    /// <c>images</c> uint8 [any, height, width], one output <c>keypoints</c> float32 [any, K, 2].</summary>
    /// <param name="session">The opened model.</param>
    /// <exception cref="InvalidDataException">It is not a model of this pipeline: the message says what is wrong (the caller
    /// knows the file's name and adds it).</exception>
    public static ModelMetadata Read(InferenceSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        ModelMetadata metadata = FromProperties(session.ModelMetadata.CustomMetadataMap);
        Check("input", session.InputMetadata, InputName, TensorElementType.UInt8,
            [metadata.Schema.FrameHeight, metadata.Schema.FrameWidth]);
        Check("output", session.OutputMetadata, OutputName, TensorElementType.Float,
            [metadata.Schema.Count, 2]);
        return metadata;
    }

    private static void Check(
        string side, IReadOnlyDictionary<string, NodeMetadata> actual, string name, TensorElementType type, int[] sizes)
    {
        string expected = $"expected one {side}, '{name}' {Describe(type, [Dynamic, .. sizes])}";
        if (actual.Count != 1 || !actual.TryGetValue(name, out NodeMetadata? node))
        {
            string names = string.Join(", ", actual.Keys.Select(key => $"'{key}'"));
            throw new InvalidDataException($"The model's {side}s are {names}; {expected}.");
        }

        if (!node.IsTensor)
            throw new InvalidDataException($"The model's {side} '{name}' is not a tensor; {expected}.");
        if (node.ElementDataType != type || node.Dimensions.Length != 3 || !node.Dimensions.AsSpan(1).SequenceEqual(sizes))
        {
            throw new InvalidDataException(
                $"The model's {side} '{name}' is {Describe(node.ElementDataType, node.Dimensions)}; {expected}.");
        }

        if (node.Dimensions[0] != Dynamic)
            throw new InvalidDataException($"The model's {side} '{name}' takes batches of {node.Dimensions[0]} only; {expected}.");
    }

    private static string Describe(TensorElementType type, IEnumerable<int> dimensions) =>
        $"{type} [{string.Join(", ", dimensions.Select(d => d == Dynamic ? "any" : d.ToString()))}]";
}
