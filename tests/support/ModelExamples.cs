using System.Security.Cryptography;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.Training;

namespace KeypointPipeline.TestSupport;

/// <summary>Publishes models without a training, and creates manifests for files of tests.</summary>
public static class ModelExamples
{
    /// <summary>Three keypoints of the usual frame.</summary>
    public static readonly KeypointSchema Schema = new(["left_eye", "right_eye", "nose"], 96, 96);

    /// <summary>A manifest that fits a file.</summary>
    public static ModelManifest Manifest(
        string version, byte[] model, string fingerprint = "f1", ModelComparison? comparison = null, KeypointSchema? schema = null)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(model));
        return new ModelManifest(
            version,
            schema ?? Schema,
            $"run-{version}",
            ["ds-1"],
            fingerprint,
            new TrainingSettings(),
            new TrainingResult($"run-{version}", 40, 1.5, 90, 10, 1000, 60, hash, model.Length, "1.0"),
            comparison ?? new ModelComparison(10, 1.5, null, null, null),
            hash,
            model.Length,
            "1.0",
            DateTimeOffset.UnixEpoch);
    }

    /// <summary>Publishes a model that predicts the frame's centre, and makes it the champion.</summary>
    /// <param name="storage">The account.</param>
    /// <param name="version">Its version.</param>
    /// <param name="schema">A schema with one keypoint.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task PublishChampionAsync(
        PipelineStorage storage, string version, KeypointSchema schema, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = TestFolder.Create("champion");
        byte[] model = TinyOnnxModel.Constant(schema, (schema.FrameWidth - 1) / 2f, (schema.FrameHeight - 1) / 2f);
        await File.WriteAllBytesAsync(folder.File("model.onnx"), model, cancellationToken);
        var registry = new ModelRegistry(storage, TimeProvider.System);
        await registry.PublishAsync(Manifest(version, model, schema: schema), folder.File("model.onnx"), cancellationToken);
        await registry.PromoteAsync(version, "an example", cancellationToken);
    }
}
