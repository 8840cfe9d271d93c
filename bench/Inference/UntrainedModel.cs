using System.Security.Cryptography;
using KeypointPipeline.Bench.Training;
using KeypointPipeline.Finding;
using KeypointPipeline.Models;
using KeypointPipeline.Storage;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.TrainerJob.Onnx;
using KeypointPipeline.Training;

namespace KeypointPipeline.Bench.Inference;

/// <summary>The default network with random weights: as fast as a trained one, but its predictions mean nothing.</summary>
internal static class UntrainedModel
{
    /// <summary>The version of the published model.</summary>
    public const string Version = "20260101-000000-bench";

    /// <summary>Writes the ONNX file.</summary>
    public static Task ExportAsync(string path) => TorchThread.RunAsync(() =>
    {
        using KeypointNetwork network = NetworkRegistry.Create(new TrainingSettings().Network, DrawnRows.Schema);
        network.Initialize(seed: 1);
        network.eval();
        // Whole images, as the frames that the network takes. A bench that searches for faces says so.
        var metadata = new ModelMetadata(DrawnRows.Schema, network.NetworkName, ValidationRmse: null, DataFingerprint: "") { Finder = FinderKind.Whole };
        OnnxExporter.Export(network, metadata, path);
        return true;
    });

    /// <summary>Publishes the file and makes it the champion.</summary>
    public static async Task PublishAsync(PipelineStorage storage, string path, CancellationToken cancellationToken)
    {
        byte[] model = await File.ReadAllBytesAsync(path, cancellationToken);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var registry = new ModelRegistry(storage, TimeProvider.System);
        await registry.PublishAsync(
            new ModelManifest(
                Version,
                DrawnRows.Schema,
                RunId: "bench",
                DatasetIds: [],
                DataFingerprint: "",
                new TrainingSettings(),
                new TrainingResult("bench", 0, null, 0, 0, 0, 0, "", model.Length, "bench"),
                new ModelComparison(0, null, null, null, null),
                Convert.ToHexStringLower(SHA256.HashData(model)),
                model.Length,
                CodeVersion: "bench",
                now),
            path,
            cancellationToken);
        await registry.PromoteAsync(Version, "bench", cancellationToken);
    }
}
