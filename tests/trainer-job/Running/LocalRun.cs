using KeypointPipeline.Datasets;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.TrainerJob.Running;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;

namespace KeypointPipeline.TrainerJob.Tests.Running;

/// <summary>A small run in a folder of its own, asked for and ready to be carried out.</summary>
internal sealed class LocalRun : IDisposable
{
    private readonly TemporaryFolder _folder;

    private LocalRun(TemporaryFolder folder, DatasetManifest manifest, string prepared)
    {
        _folder = folder;
        DatasetId = manifest.DatasetId;
        Folder = new LocalRunFolder(folder.Path, new Dictionary<string, string> { [manifest.DatasetId] = prepared });
    }

    public LocalRunFolder Folder { get; }

    public string DatasetId { get; }

    public static async Task<LocalRun> CreateAsync(TrainingSettings settings, CancellationToken cancellationToken)
    {
        var folder = TestFolder.Create("run");
        (string prepared, DatasetManifest manifest) = await TinyFaces.PrepareAsync(folder.File("data"), rows: 150, seed: 1, cancellationToken);
        var run = new LocalRun(folder, manifest, prepared);
        await run.Folder.WriteDocumentAsync(TrainingRunFiles.Request, Request("tiny", manifest, settings), cancellationToken);
        return run;
    }

    public static TrainingRequest Request(string runId, DatasetManifest manifest, TrainingSettings settings) => new(
        runId, [manifest.DatasetId], manifest.Schema, PreparedDatasetStore.Fingerprint([manifest.DatasetId]), settings, DateTimeOffset.UnixEpoch);

    public string PathOf(string file) => _folder.File(file);

    public void Dispose() => _folder.Dispose();
}
