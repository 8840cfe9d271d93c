using KeypointPipeline.Local.Machine;
using KeypointPipeline.Serialization;
using SkiaSharp;

namespace KeypointPipeline.Bench.Inference.Photos;

/// <summary>Finds faces and 68 landmarks with the npm package face-api: its SSD detector and landmark network on TensorFlow.js's WebAssembly
/// backend, one process on each processor.</summary>
/// <param name="folder">Folder of its inputs and results.</param>
internal sealed class FaceApiPeer(string folder)
{
    private readonly PeerProgram _program = new(
        Path.Combine(RepositoryRoot.Path, "bench", "Inference", "Photos", "peer"), "faces.mjs", "face-api, TensorFlow.js and sharp (350 MB)");

    /// <summary>Installs the program if necessary.</summary>
    public Task InstallAsync(CancellationToken cancellationToken) => _program.InstallAsync(cancellationToken);

    /// <summary>Finds the faces of photos.</summary>
    /// <returns>Seconds, without the start of the program.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public async Task<double> RunAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(Photos, paths, cancellationToken);
        return await _program.RunAsync([Photos, Found], cancellationToken);
    }

    /// <summary>Finds the faces of photos.</summary>
    /// <returns>For each photo the 68 landmarks of each face, in pixels of the upright photo with centres at integers.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<SKPoint[]>>> FindAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        await RunAsync(paths, cancellationToken);
        string[] lines = await File.ReadAllLinesAsync(Found, cancellationToken);
        return [.. lines.Select(line => PipelineJson.Read<FoundOnPhoto>(line).Faces.Select(face => face.Points.Select(point => new SKPoint(point[0], point[1])).ToArray()).ToArray())];
    }

    private string Photos => Path.Combine(folder, "face-api-photos.txt");

    private string Found => Path.Combine(folder, "face-api.jsonl");

    private sealed record FoundOnPhoto(IReadOnlyList<FoundByPeer> Faces);

    private sealed record FoundByPeer(float[][] Points);
}
