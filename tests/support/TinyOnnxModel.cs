using KeypointPipeline.Finding;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Training;
using static KeypointPipeline.TestSupport.OnnxMessage;

namespace KeypointPipeline.TestSupport;

/// <summary>Writes small, valid model files without a trainer: each keypoint is an affine function of the image's bytes, optionally
/// divided by their sum.</summary>
public static class TinyOnnxModel
{
    /// <summary>Predicts the same points for every image.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="points">K·2 coordinates.</param>
    public static byte[] Constant(KeypointSchema schema, params float[] points) =>
        Build(schema, new float[schema.FrameSize * schema.Count * 2], points, dividesBySum: false);

    /// <summary>Predicts, for every keypoint, the image's centre of brightness (Σ I·x ÷ Σ I, Σ I·y ÷ Σ I) plus the keypoint's offset.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="offsets">K·2 offsets; all zero if none are given.</param>
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

    /// <summary>Predicts the same points for every image. Each keypoint's uncertainty is the image's mean byte times the keypoint's
    /// factor.</summary>
    /// <param name="schema">Keypoints and frame.</param>
    /// <param name="points">K·2 coordinates.</param>
    /// <param name="factors">K factors; with another number the output has a wrong shape.</param>
    /// <param name="output">Name of the second output.</param>
    public static byte[] Uncertain(KeypointSchema schema, float[] points, float[] factors, string output = ModelMetadata.UncertaintyName)
    {
        float[] weights = [.. Enumerable.Range(0, schema.FrameSize).SelectMany(_ => factors.Select(f => f / schema.FrameSize))];
        return Build(schema, new float[schema.FrameSize * schema.Count * 2], points, dividesBySum: false, graph => graph
            .Add(1, Node("MatMul", ["flat", "factors"], output))
            .Add(5, Tensor("factors", FloatElement, [schema.FrameSize, factors.Length], Floats(weights)))
            .Add(12, Value(output, FloatElement, [factors.Length])));
    }

    /// <summary>Adds the property <see cref="ModelMetadata.SparseOffsets"/> to a model. Readers merge a protocol-buffer message with one that
    /// follows it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">Its keypoints and frame.</param>
    /// <param name="offsets">K·2 offsets.</param>
    public static byte[] WithSparseOffsets(byte[] model, KeypointSchema schema, params float[] offsets)
    {
        (string key, string value) = new ModelMetadata(schema, "", null, "", new SparseOffsets(offsets)).ToProperties()[^1];
        return [.. model, .. new OnnxMessage().Add(14, Property(key, value)).ToArray()];
    }

    /// <summary>Adds the properties of <see cref="ModelMetadata.Gaps"/> to a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">Its keypoints and frame.</param>
    /// <param name="gaps">Keypoints without predictions or calibration.</param>
    public static byte[] WithGaps(byte[] model, KeypointSchema schema, LabelGaps gaps)
    {
        IEnumerable<KeyValuePair<string, string>> all = new ModelMetadata(schema, "", null, "") { Gaps = gaps }.ToProperties();
        var properties = new OnnxMessage();
        foreach ((string key, string value) in all.Where(p => p.Key is ModelMetadata.UnlabelledKey or ModelMetadata.UncalibratedKey))
            properties.Add(14, Property(key, value));
        return [.. model, .. properties.ToArray()];
    }

    /// <summary>Adds the property of <see cref="ModelMetadata.Framing"/> to a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">Its keypoints and frame.</param>
    /// <param name="framing">How instances become frames; not <see cref="Images.Framing.Given"/>.</param>
    public static byte[] WithFraming(byte[] model, KeypointSchema schema, Images.Framing framing)
    {
        (string key, string value) = new ModelMetadata(schema, "", null, "") { Framing = framing }.ToProperties()[^1];
        return [.. model, .. new OnnxMessage().Add(14, Property(key, value)).ToArray()];
    }

    /// <summary>Adds the properties of a model of faces: its gate and where eyes and mouth lie.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">Its keypoints and frame.</param>
    /// <param name="gate">Its <see cref="ModelMetadata.Gate"/>; null for none.</param>
    /// <param name="face">Its <see cref="ModelMetadata.Face"/>; null for none.</param>
    public static byte[] WithFace(byte[] model, KeypointSchema schema, FrameGate? gate, FaceAnchors? face)
    {
        IEnumerable<KeyValuePair<string, string>> all = new ModelMetadata(schema, "", null, "") { Gate = gate, Face = face }.ToProperties();
        var properties = new OnnxMessage();
        foreach ((string key, string value) in all.Where(p => p.Key is ModelMetadata.GateKey or ModelMetadata.FaceKey))
            properties.Add(14, Property(key, value));
        return [.. model, .. properties.ToArray()];
    }

    private static byte[] Build(
        KeypointSchema schema, float[] weights, float[] bias, bool dividesBySum, Func<OnnxMessage, OnnxMessage>? second = null)
    {
        int outputs = schema.Count * 2;
        if (weights.Length != schema.FrameSize * outputs || bias.Length != outputs)
            throw new ArgumentException($"{schema} needs {schema.FrameSize * outputs} weights and {outputs} offsets.");

        var graph = new OnnxMessage()
            .Add(1, Node("Cast", [ModelMetadata.InputName], "pixels", ("to", FloatElement)))
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
            .Add(5, Tensor("weights", FloatElement, [schema.FrameSize, outputs], Floats(weights)))
            .Add(5, Tensor("bias", FloatElement, [outputs], Floats(bias)))
            .Add(5, Tensor("shape", LongElement, [3], Longs([-1, schema.Count, 2])));
        if (dividesBySum)
            graph.Add(5, Tensor("ones", FloatElement, [schema.FrameSize, 1], Floats([.. Enumerable.Repeat(1f, schema.FrameSize)])));
        graph.Add(11, Value(ModelMetadata.InputName, ByteElement, [schema.FrameHeight, schema.FrameWidth]))
            .Add(12, Value(ModelMetadata.OutputName, FloatElement, [schema.Count, 2]));
        second?.Invoke(graph);

        return Model(graph, new ModelMetadata(schema, "tiny", null, "none").ToProperties()).ToArray();
    }
}
