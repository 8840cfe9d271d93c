using System.Net;
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

    /// <summary>Data folder: storage, journal, caches, logs. One host per folder.</summary>
    public required string Home { get; init; }

    /// <summary>The address that the HTTP surface listens on. Unless it is a loopback address, every request needs a key.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Port of the HTTP surface; 0 picks a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>When to retrain, as <see cref="Hosting.RetrainSchedule"/> reads it; null for never.</summary>
    public string? RetrainSchedule { get; init; } = "0 3 * * *";

    /// <summary>Time between two looks for dropped files.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Settings of trainings for which nobody chose others.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>From which level on log lines also go to standard error; <see cref="LocalHostFiles.Log"/> holds them all.</summary>
    public LogLevel ConsoleLevel { get; init; } = LogLevel.Warning;

    /// <summary>The workflows and steps to run.</summary>
    public WorkflowCatalog Catalog { get; init; } = PipelineCatalog.Create();

    /// <summary>Adds or replaces services, last.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Told in one sentence what takes long while starting.</summary>
    public Action<string>? OnProgress { get; init; }
}

/// <summary>What lies in a data folder.</summary>
/// <param name="Home">The folder.</param>
public sealed record LocalHostFiles(string Home)
{
    /// <summary>The name of <see cref="HttpKey"/>.</summary>
    public const string HttpKeyName = "http.key";

    /// <summary>The storage server's folder.</summary>
    public string Storage => Path.Combine(Home, "storage");

    /// <summary>The workflow engine's journal.</summary>
    public string Journal => Path.Combine(Home, "journal.db");

    /// <summary>Caches and work in progress: may be deleted while no host runs.</summary>
    public string Work => Path.Combine(Home, "work");

    /// <summary>Logs and process notes of trainers, and the datasets of those under way.</summary>
    public string Trainers => Path.Combine(Home, "trainers");

    /// <summary>The key of the HTTP surface, once one was needed. Its owner's alone; deleting it makes the next start choose another.</summary>
    public string HttpKey => Path.Combine(Home, HttpKeyName);

    /// <summary>What the scheduler remembers.</summary>
    public string Schedule => Path.Combine(Home, "schedule.json");

    /// <summary>The host's log, JSON Lines.</summary>
    public string Log => Path.Combine(Home, "logs", "host.jsonl");
}
