using System.Net;
using KeypointPipeline.Port;
using KeypointPipeline.Training;
using KeypointPipeline.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeypointPipeline.Local.Hosting;

/// <summary>How to run the pipeline on this machine.</summary>
public sealed record LocalHostOptions
{
    /// <summary>The port the README and Azure's own tools use.</summary>
    public const int DefaultPort = 7071;

    /// <summary>When to retrain where nobody says: at three o'clock UTC every day.</summary>
    public const string DefaultRetrainSchedule = "0 3 * * *";

    /// <summary>Data folder: storage, journal, caches, logs. One host per folder.</summary>
    public required string Home { get; init; }

    /// <summary>The address that the HTTP surface listens on. Unless it is a loopback address, every request needs a key.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Port of the HTTP surface; 0 picks a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>When to retrain, as <see cref="Watching.RetrainSchedule"/> reads it; null for never.</summary>
    public string? RetrainSchedule { get; init; } = DefaultRetrainSchedule;

    /// <summary>Time between two looks for dropped files.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Settings of trainings for which nobody chose others.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>From which level on log lines also go to standard error; <see cref="Machine.LocalHostFiles.Log"/> holds them all.</summary>
    public LogLevel ConsoleLevel { get; init; } = LogLevel.Warning;

    /// <summary>The workflows and steps to run.</summary>
    public WorkflowCatalog Catalog { get; init; } = PipelineCatalog.Create();

    /// <summary>Adds or replaces services, last.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Told in one sentence what takes long while starting.</summary>
    public Action<string>? OnProgress { get; init; }
}
