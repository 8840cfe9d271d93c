using System.Globalization;
using Azure.Storage.Sas;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Local.Machine;
using KeypointPipeline.Local.Machine.Processes;
using KeypointPipeline.Local.Storage;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Inference;

/// <summary>Predicts the same images with the same model in a Node program, with onnxruntime-node and sharp.</summary>
/// <param name="folder">Folder of its inputs and results.</param>
internal sealed class NodePeer(string folder)
{
    private const string Peer = "the program in Node that the bench compares with";

    private static readonly string Source = Path.Combine(RepositoryRoot.Path, "bench", "Inference", "peer");
    private static readonly NodePackages Packages = new(
        Peer, Source, Path.Combine(RepositoryRoot.Path, "artifacts", "bench", "peer"));

    private string _program = "";

    /// <summary>Installs the program if necessary and lists the images.</summary>
    /// <param name="storage">The storage that has them.</param>
    /// <param name="names">Blobs of the images container.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task PrepareAsync(PipelineStorage storage, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        string installed = await Packages.EnsureAsync(
            () => Console.Error.WriteLine("Installing onnxruntime-node and sharp from npm for the comparison, once: 310 MB"), cancellationToken);
        // Node looks for packages beside the program.
        _program = Path.Combine(installed, "predict.mjs");
        File.Copy(Path.Combine(Source, "predict.mjs"), _program, overwrite: true);
        DateTimeOffset expires = TimeProvider.System.GetUtcNow().AddHours(2);
        await File.WriteAllLinesAsync(
            Urls,
            names.Select(name => storage.Blob(BlobLayout.Images, name).GenerateSasUri(BlobSasPermissions.Read, expires).AbsoluteUri),
            cancellationToken);
    }

    /// <summary>Predicts all images.</summary>
    /// <returns>Seconds, without the start of the program.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public async Task<double> RunAsync(string model, KeypointSchema schema, CancellationToken cancellationToken)
    {
        ToolOutcome outcome = await new NodeTool(Peer).RunNodeAsync(
            [_program, model, Urls, Path.Combine(folder, "peer.jsonl"), schema.FrameWidth.ToString(CultureInfo.InvariantCulture)],
            NoProxyVariables.WithLoopback(Environment.GetEnvironmentVariable),
            cancellationToken);
        return outcome.ExitCode == 0
            ? double.Parse(outcome.Output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The peer failed: {outcome.Errors}");
    }

    private string Urls => Path.Combine(folder, "peer-urls.txt");
}
