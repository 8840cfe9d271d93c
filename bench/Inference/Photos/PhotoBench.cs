using System.Diagnostics;
using KeypointPipeline.Finding;
using KeypointPipeline.Models;
using KeypointPipeline.Results;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Bench.Inference.Photos;

/// <summary>Measures photos with several faces from a folder to results, and compares them with their parts alone and with face-api.</summary>
/// <param name="model">The model.</param>
/// <param name="folder">Folder of the photos and results.</param>
internal sealed class PhotoBench(KeypointModel model, TemporaryFolder folder)
{
    private const int Repetitions = 3;
    private const int WarmUp = 30;

    /// <summary>The peer needs minutes for more, and its photos all take about as long.</summary>
    private const int PeerPhotos = 105;

    private readonly FaceApiPeer _peer = new(folder.Path);
    private readonly List<BenchRow> _rows = [];
    private readonly List<BenchBar> _bars = [];

    /// <summary>Measures.</summary>
    /// <param name="photos">Number of photos, at least 1.</param>
    /// <param name="labelled">Folder of photos with labelled faces on which recall is compared, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(IReadOnlyList<BenchRow> Rows, IReadOnlyList<BenchBar> Bars)> MeasureAsync(
        int photos, string? labelled, CancellationToken cancellationToken)
    {
        IReadOnlyList<LabelledPhoto68>? truth = labelled is null ? null : LabelledPhotos.Read(labelled);
        await _peer.InstallAsync(cancellationToken);
        Console.Error.WriteLine($"Drawing {photos:N0} photos");
        string[] paths = await ComposedPhotos.WriteAsync(folder.File("photos"), photos, cancellationToken);
        using FaceDetector detector = FaceDetector.Open();
        await CompareSpeedAsync(paths, detector, cancellationToken);
        if (truth is null)
            Console.Error.WriteLine("Recall is not compared: --faces names no folder with davisking/dlib's examples/faces.");
        else
            await CompareRecallAsync(truth, detector, cancellationToken);
        return (_rows, _bars);
    }

    private async Task CompareSpeedAsync(string[] paths, FaceDetector detector, CancellationToken cancellationToken)
    {
        using var run = new FolderRun(model, folder.File("photos"), folder.File("photo-results"), FinderKind.Faces);
        string[] some = paths[..Math.Min(PeerPhotos, paths.Length)];
        PhotoParts.Measure(model, detector, paths[..Math.Min(WarmUp, paths.Length)], cancellationToken);
        List<double> seconds = [];
        List<PhotoParts> parts = [];
        List<double> peer = [];
        int faces = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            BatchSummary summary = await run.PredictAsync(cancellationToken);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            faces = summary.Instances!.Value - (summary.WithoutPlace ?? 0);
            parts.Add(PhotoParts.Measure(model, detector, paths, cancellationToken));
            peer.Add(await _peer.RunAsync(some, cancellationToken));
        }

        BenchRow ours = BenchRow.Of("photos, folder to results", "photos/s", [.. seconds.Select(taken => paths.Length / taken)]);
        BenchRow theirs = BenchRow.Of("photos, face-api on WebAssembly", "photos/s", [.. peer.Select(taken => some.Length / taken)]);
        _rows.AddRange(
            ours,
            BenchRow.Of("photos, faces found", "faces/s", [.. seconds.Select(taken => faces / taken)]),
            BenchRow.Of("photos, decoding", "% of the parts", [.. parts.Select(part => 100 * part.Decoding / part.Sum)]),
            BenchRow.Of("photos, finding", "% of the parts", [.. parts.Select(part => 100 * part.Finding / part.Sum)]),
            BenchRow.Of("photos, predicting", "% of the parts", [.. parts.Select(part => 100 * part.Predicting / part.Sum)]),
            BenchRow.Of("photos, the parts alone", "s", [.. parts.Select(part => part.Sum)]),
            theirs);
        _bars.AddRange(
            new BenchBar(
                "photos, folder to results by its parts alone", BenchRow.MedianOf([.. seconds.Zip(parts, (taken, part) => taken / part.Sum)]), 1.2),
            new BenchBar("photos, times as fast as face-api", ours.Median / theirs.Median, 5, IsFloor: true));
    }

    private async Task CompareRecallAsync(IReadOnlyList<LabelledPhoto68> truth, FaceDetector detector, CancellationToken cancellationToken)
    {
        int ours = LabelledPhotos.CountFound(truth, detector);
        int theirs = LabelledPhotos.CountFound(truth, await _peer.FindAsync([.. truth.Select(photo => photo.Path)], cancellationToken));
        string of = $"of {truth.Sum(photo => photo.Faces.Count):N0} labelled faces";
        _rows.AddRange(
            BenchRow.Of($"found by the pipeline, {of}", "faces", [ours]),
            BenchRow.Of($"found by face-api, {of}", "faces", [theirs]));
        _bars.Add(new BenchBar($"found {of}, against face-api's", ours, theirs, IsFloor: true));
    }
}
