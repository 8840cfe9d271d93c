using System.Security.Cryptography;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Shared.Tests.Support;
using KeypointPipeline.Storage;
using KeypointPipeline.TestSupport;
using KeypointPipeline.Training;
using KeypointPipeline.Training.ContainerApps;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace KeypointPipeline.Shared.Tests.Training.ContainerApps;

/// <summary>All that a training needs: an accepted dataset, three jobs at a server that behaves like Azure, and trainers that do what
/// the test says whenever their execution is looked at.</summary>
internal sealed class TrainingInAzure : IAsyncDisposable
{
    public const string RunId = "train-1";

    private static readonly TrainingSettings Settings = new(Epochs: 3);

    private readonly TemporaryFolder _folder = TestFolder.Create("azure");
    private readonly PipelineStorage _storage;
    private readonly KeypointSchema _schema;

    private TrainingInAzure(PipelineStorage storage, KeypointSchema schema, FakeArm arm)
    {
        (_storage, _schema, Arm) = (storage, schema, arm);
        (A100, T4, Cpu) = (arm.AddJob("a100", "gpu-a100"), arm.AddJob("t4", "gpu-t4"), arm.AddJob("cpu", "Consumption"));
        Services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(storage)
            .AddSingleton(new WorkFolder(_folder.Path))
            .AddSingleton(Settings)
            .AddSingleton(arm.JobsInOrder(A100, T4, Cpu))
            .AddSingleton(arm.CreateClient(Time))
            .AddSingleton<ITrainerLauncher, ContainerAppsTrainerLauncher>()
            .AddPipelineSteps()
            .BuildServiceProvider();
    }

    public HurriedTime Time { get; } = new();

    public FakeArm Arm { get; }

    public FakeJob A100 { get; }

    public FakeJob T4 { get; }

    public FakeJob Cpu { get; }

    public ServiceProvider Services { get; }

    public static async Task<TrainingInAzure> CreateAsync(AzuriteFixture azurite, CancellationToken cancellationToken)
    {
        PipelineStorage storage = (await azurite.NewStorageAsync(cancellationToken)).Storage;
        using PreparedForTest prepared = await PreparedForTest.FromAsync(SmallTable.With(100));
        await StoredForTest.InPiecesAsync(storage, prepared.Dataset);
        return new TrainingInAzure(storage, prepared.Dataset.Manifest.Schema, await FakeArm.StartAsync());
    }

    /// <summary>What the status said beside the progress of the last run, once each.</summary>
    public IReadOnlyList<string> TrainingReasons { get; private set; } = [];

    /// <summary>Runs the workflow to its end.</summary>
    /// <returns>Its output, and each place its status named, once.</returns>
    public async Task<(TrainModelOutput Output, IReadOnlyList<string> Places)> RunAsync()
    {
        var context = new RecordingContext(RunId, PipelineCatalog.Create(), Services, Time);
        TrainModelOutput output = await new TrainModel().RunAsync(context, new TrainModelInput("test", null, Force: false, null));
        TrainModelProgress[] training = [.. context.Statuses.OfType<TrainModelProgress>().Where(status => status.Stage == "training")];
        TrainingReasons = [.. training.Select(status => status.Reason).OfType<string>().Distinct(StringComparer.Ordinal)];
        IEnumerable<string> places = context.Statuses.OfType<TrainModelProgress>().Select(status => status.Place).OfType<string>();
        return (output, [.. places.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>A trainer that does one epoch, of three, each time it is looked at, then leaves the model and ends.</summary>
    /// <param name="fromEpoch">Epochs in its checkpoint.</param>
    public Func<FakeExecution, Task> Trains(int fromEpoch = 0) => async execution =>
    {
        int epoch = Math.Min(fromEpoch + ++execution.Looks, Settings.Epochs!.Value);
        await BeatAsync(epoch);
        if (fromEpoch + execution.Looks > Settings.Epochs!.Value)
        {
            await FinishAsync();
            execution.Status = "Succeeded";
        }
    };

    /// <summary>A heartbeat.</summary>
    public Task BeatAsync(int epoch, TrainingState state = TrainingState.Running) =>
        WriteAsync(TrainingRunFiles.Status, new TrainingStatus(state, Time.GetUtcNow(), epoch, Settings.Epochs!.Value));

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Arm.DisposeAsync();
        _folder.Dispose();
    }

    private async Task FinishAsync()
    {
        byte[] model = TinyOnnxModel.Constant(_schema, 4, 4);
        await _storage.Blob(BlobLayout.Runs, $"{RunId}/{TrainingRunFiles.Model}").UploadAsync(BinaryData.FromBytes(model));
        await WriteAsync(TrainingRunFiles.Result, new TrainingResult(
            RunId, Settings.Epochs!.Value, 1.5, 90, 10, 1000, 60, Convert.ToHexStringLower(SHA256.HashData(model)), model.Length, "1.0"));
    }

    private Task WriteAsync<T>(string file, T value) =>
        _storage.WriteAsync(BlobLayout.Runs, $"{RunId}/{file}", value, CancellationToken.None);
}
