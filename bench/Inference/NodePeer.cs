using System.Globalization;
using Azure.Storage.Sas;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Predicts the same images with the same model in a Node program, with onnxruntime-node and sharp.</summary>
/// <param name="folder">Folder of its inputs and results.</param>
internal sealed class NodePeer(string folder)
{
    private readonly PeerProgram _program = new(
        Path.Combine(RepositoryRoot.Path, "bench", "Inference", "peer"), "predict.mjs", "onnxruntime-node and sharp (310 MB)");

    /// <summary>Installs the program if necessary and lists the images.</summary>
    /// <param name="storage">The storage that has them.</param>
    /// <param name="names">Blobs of the images container.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task PrepareAsync(PipelineStorage storage, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        await _program.InstallAsync(cancellationToken);
        DateTimeOffset expires = TimeProvider.System.GetUtcNow().AddHours(2);
        await File.WriteAllLinesAsync(
            Urls,
            names.Select(name => storage.Blob(BlobLayout.Images, name).GenerateSasUri(BlobSasPermissions.Read, expires).AbsoluteUri),
            cancellationToken);
    }

    /// <summary>Predicts all images.</summary>
    /// <returns>Seconds, without the start of the program.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public Task<double> RunAsync(string model, KeypointSchema schema, CancellationToken cancellationToken) => _program.RunAsync(
        [model, Urls, Path.Combine(folder, "peer.jsonl"), schema.FrameWidth.ToString(CultureInfo.InvariantCulture)], cancellationToken);

    private string Urls => Path.Combine(folder, "peer-urls.txt");
}
