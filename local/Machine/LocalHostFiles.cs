namespace KeypointPipeline.Local.Machine;

/// <summary>Paths of the files in a data folder.</summary>
/// <param name="Home">The folder.</param>
public sealed record LocalHostFiles(string Home)
{
    /// <summary>File name of <see cref="HttpKey"/>.</summary>
    public const string HttpKeyName = "http.key";

    /// <summary>The storage server's folder.</summary>
    public string Storage => Path.Combine(Home, "storage");

    /// <summary>The workflow engine's journal.</summary>
    public string Journal => Path.Combine(Home, "journal.db");

    /// <summary>Caches and temporary files. They may be deleted while no host runs.</summary>
    public string Work => Path.Combine(Home, "work");

    /// <summary>Logs and process notes of trainers, and the datasets of running trainers.</summary>
    public string Trainers => Path.Combine(Home, "trainers");

    /// <summary>Key of the HTTP API, written when it is first needed. Only the owner can read it. If it is deleted, the next start creates another.</summary>
    public string HttpKey => Path.Combine(Home, HttpKeyName);

    /// <summary>State of the retraining scheduler.</summary>
    public string Schedule => Path.Combine(Home, "schedule.json");

    /// <summary>The host's log, JSON Lines.</summary>
    public string Log => Path.Combine(Home, "logs", "host.jsonl");
}
