using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Onnx;
using Microsoft.ML.OnnxRuntime;
using ModelMetadata = KeypointPipeline.Models.ModelMetadata;

namespace KeypointPipeline.TrainerJob.Tests.Onnx;

/// <summary>A folder of its own, gone afterwards, and exports into it.</summary>
public sealed class OnnxExportFixture : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("onnx export ").FullName;

    public static KeypointSchema Schema(int keypoints, int width, int height) =>
        new([.. Enumerable.Range(0, keypoints).Select(k => $"point_{k}")], width, height);

    public static ModelMetadata Metadata(KeypointNetwork network) => new(network.Schema, network.NetworkName, 1.8437, "sha256:0123");

    public string Export(KeypointNetwork network, string name = "model.onnx")
    {
        string path = Path.Combine(Folder, name);
        OnnxExporter.Export(network, Metadata(network), path);
        return path;
    }

    public static InferenceSession Open(string path)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        return new InferenceSession(path, options);
    }

    /// <summary>Coordinates of one batch: N·K·2 frame pixels.</summary>
    public static float[] Predict(InferenceSession session, byte[] images, KeypointSchema schema)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(
            images, [images.Length / schema.FrameSize, schema.FrameHeight, schema.FrameWidth]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(
            options, [ModelMetadata.InputName], [input], [ModelMetadata.OutputName]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
