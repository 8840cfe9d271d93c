using System.Net;
using KeypointPipeline.Finding;
using KeypointPipeline.Port;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;

namespace KeypointPipeline.Local.Hosting;

/// <summary>Options for running the pipeline on this machine.</summary>
public sealed record LocalHostOptions
{
    /// <summary>The port that the README and Azure's tools use.</summary>
    public const int DefaultPort = 7071;

    /// <summary>The default of <see cref="RetrainSchedule"/>: every day at 03:00 UTC.</summary>
    public const string DefaultRetrainSchedule = "0 3 * * *";

    /// <summary>Data folder: storage, journal, caches, logs. One host per folder.</summary>
    public required string Home { get; init; }

    /// <summary>The address that the HTTP API listens on. Unless it is a loopback address, every request needs a key.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Port of the HTTP API; 0 picks a free port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>When to retrain, in the syntax of <see cref="Watching.RetrainSchedule"/>; null to never retrain.</summary>
    public string? RetrainSchedule { get; init; } = DefaultRetrainSchedule;

    /// <summary>Time between two polls for dropped files.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Settings of trainings whose request does not say otherwise.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>What finds the instances of pictures of batches that state nothing; null for what suits the model.</summary>
    public FinderKind? Finder { get; init; }

    /// <summary>The workflows and steps to run.</summary>
    public WorkflowCatalog Catalog { get; init; } = PipelineCatalog.Create();

    /// <summary>Receives a sentence about each part of the start that takes long.</summary>
    public Action<string>? OnProgress { get; init; }
}
